import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  ListAliasesCommand,
  ListProvisionedConcurrencyConfigsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import type { LambdaFunction } from './lambda-function';
import { World } from './world';

const PLACE = { account: '222222222222', region: 'eu-west-1' };
const FN = { FunctionName: 'orders' };
const LIVE = { ...FN, Name: 'live' };

let world: World;
let client: LambdaClient;
let orders: LambdaFunction;
beforeEach(async () => {
  world = await World.start({ functionUpdateSeconds: 60 });
  client = new LambdaClient(world.client(PLACE));
  orders = world.lambda.create(PLACE, 'orders', 'code 1');
});
afterEach(() => world.close());

const publish = () => client.send(new PublishVersionCommand(FN));

async function published(count: number): Promise<void> {
  for (let at = 1; at <= count; at++) {
    orders.update({ code: `code ${at}` });
    await publish();
  }
}

describe('versions', () => {
  test('are the same if nothing changed between two publications', async () => {
    expect((await publish()).Version).toBe('1');
    expect((await publish()).Version).toBe('1');
    orders.update({ settings: { Timeout: 10 } });
    expect(await publish()).toMatchObject({ Version: '2', Timeout: 10, CodeSha256: orders.latest.codeSha256 });
  });

  test('keep their content when $LATEST changes', async () => {
    await publish();
    orders.update({ code: 'other', settings: { MemorySize: 256 } });
    const { CodeSha256, MemorySize } = await client.send(
      new GetFunctionConfigurationCommand({ ...FN, Qualifier: '1' }),
    );
    expect(MemorySize).toBe(128);
    expect(CodeSha256).not.toBe(orders.latest.codeSha256);
  });

  test('cannot be published while the function is in update', async () => {
    world.lambda.update(PLACE, 'orders', { code: 'code 2' });
    const { Configuration } = await client.send(new GetFunctionCommand(FN));
    expect(Configuration?.LastUpdateStatus).toBe('InProgress');
    await expect(publish()).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await world.clock.advance(1);
    expect((await publish()).Version).toBe('1');
  });

  test('are not published if code or revision differ from the expected ones', async () => {
    const command = (expected: object) => client.send(new PublishVersionCommand({ ...FN, ...expected }));
    await expect(command({ CodeSha256: 'x' })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(command({ RevisionId: 'x' })).rejects.toMatchObject({ name: 'PreconditionFailedException' });
  });

  test('are listed in pages, $LATEST first', async () => {
    await published(3);
    const first = await client.send(new ListVersionsByFunctionCommand({ ...FN, MaxItems: 2 }));
    const rest = await client.send(new ListVersionsByFunctionCommand({ ...FN, Marker: first.NextMarker }));
    const names = [...(first.Versions ?? []), ...(rest.Versions ?? [])].map(({ Version }) => Version);
    expect(names).toEqual(['$LATEST', '1', '2', '3']);
    expect(rest.NextMarker).toBeUndefined();
  });

  test('cannot be deleted while an alias serves them, also with a weight', async () => {
    await published(3);
    orders.setAlias('live', '1', { 2: 0.1 });
    const remove = (Qualifier: string) => client.send(new DeleteFunctionCommand({ ...FN, Qualifier }));
    await expect(remove('1')).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await expect(remove('2')).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await remove('3');
    expect([...orders.versions.keys()]).toEqual(['1', '2']);
  });
});

describe('an alias', () => {
  const get = () => client.send(new GetAliasCommand(LIVE));

  test('is created on a version that exists, once', async () => {
    const create = () => client.send(new CreateAliasCommand({ ...LIVE, FunctionVersion: '1' }));
    await expect(create()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await publish();
    expect(await create()).toMatchObject({ AliasArn: `${orders.arn}:live`, FunctionVersion: '1' });
    await expect(create()).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });

  test('keeps its weights until a call sets new ones', async () => {
    await published(2);
    orders.setAlias('live', '1', { 2: 0.08 });
    expect((await get()).RoutingConfig?.AdditionalVersionWeights).toEqual({ 2: 0.08 });
    await client.send(new UpdateAliasCommand({ ...LIVE, Description: 'other' }));
    expect(orders.shares('live')).toEqual({ 1: 0.92, 2: 0.08 });
    const RoutingConfig = { AdditionalVersionWeights: {} };
    await client.send(new UpdateAliasCommand({ ...LIVE, FunctionVersion: '2', RoutingConfig }));
    expect(orders.shares('live')).toEqual({ 2: 1 });
    expect((await get()).RoutingConfig).toBeUndefined();
  });

  test('does not change on an outdated revision id', async () => {
    await published(2);
    orders.setAlias('live', '1');
    const { RevisionId } = await get();
    const update = () => client.send(new UpdateAliasCommand({ ...LIVE, FunctionVersion: '2', RevisionId }));
    await update();
    await expect(update()).rejects.toMatchObject({ name: 'PreconditionFailedException' });
  });

  test('refuses weights for versions of different roles', async () => {
    await publish();
    orders.update({ settings: { Role: 'arn:aws:iam::222222222222:role/other' } });
    await publish();
    orders.setAlias('live', '1');
    const RoutingConfig = { AdditionalVersionWeights: { 2: 0.5 } };
    await expect(client.send(new UpdateAliasCommand({ ...LIVE, RoutingConfig }))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });

  test('is listed, found missing, and deleted', async () => {
    await expect(get()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await publish();
    orders.setAlias('live', '1');
    const { Aliases } = await client.send(new ListAliasesCommand({ ...FN, FunctionVersion: '1' }));
    expect(Aliases?.map(({ Name }) => Name)).toEqual(['live']);
    await client.send(new DeleteAliasCommand(LIVE));
    expect(orders.aliases.size).toBe(0);
  });

  test.each([
    ['nothing', undefined],
    ['not-found', 'ResourceNotFoundException'],
  ] as const)('that does not exist is deleted with %s', async (answer, error) => {
    world.behaviour.deleteMissingAlias = answer;
    const deleting = client.send(new DeleteAliasCommand(LIVE)).then(
      () => undefined,
      (thrown: Error) => thrown.name,
    );
    expect(await deleting).toBe(error);
  });

  test('is stale when reads lag', async () => {
    await published(2);
    orders.setAlias('live', '1');
    await world.clock.advance(5);
    world.behaviour.aliasLagSeconds = 30;
    orders.setAlias('live', '2');
    expect((await get()).FunctionVersion).toBe('1');
    await world.clock.advance(0.5);
    expect((await get()).FunctionVersion).toBe('2');
  });
});

test('provisioned concurrency belongs to its qualifier', async () => {
  const get = () => client.send(new GetProvisionedConcurrencyConfigCommand({ ...FN, Qualifier: 'live' }));
  await expect(get()).rejects.toMatchObject({ name: 'ProvisionedConcurrencyConfigNotFoundException' });
  orders.provisioned.set('live', { requested: 5, status: 'READY' });
  expect(await get()).toMatchObject({ RequestedProvisionedConcurrentExecutions: 5, Status: 'READY' });
  const { ProvisionedConcurrencyConfigs } = await client.send(new ListProvisionedConcurrencyConfigsCommand(FN));
  expect(ProvisionedConcurrencyConfigs).toMatchObject([{ FunctionArn: `${orders.arn}:live` }]);
});

test('a function that does not exist is named by its ARN', async () => {
  const get = client.send(new GetFunctionConfigurationCommand({ FunctionName: 'none' }));
  await expect(get).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:eu-west-1:222222222222:function:none',
  });
});
