import { loadBundle } from '../helpers/bundles';
import type { CustomResourceAnswer, CustomResourceRequest } from '../local-aws/cloudformation';
import type { LambdaFunction } from '../local-aws/lambda-function';
import { World } from '../local-aws/world';

const PLACE = { account: '222222222222', region: 'eu-west-1' };
const PROPERTIES = { ServiceToken: 'arn', FunctionName: 'orders', AliasName: 'live', Function: { Timeout: '3' } };
const PHYSICAL_ID = 'HandlerPublication-publication';

let world: World;
let orders: LambdaFunction;
let handler: (event: unknown) => Promise<unknown>;
beforeEach(async () => {
  world = await World.start({ functionUpdateSeconds: 5 });
  orders = world.lambda.create(PLACE, 'orders', 'code 1');
  handler = loadBundle(world, 'publish', { place: PLACE }).handler;
});
afterEach(() => world.close());

const ask = (
  type: CustomResourceRequest['type'],
  properties: { readonly [name: string]: unknown } = {},
): Promise<CustomResourceAnswer> =>
  world.cloudformation.ask(handler, {
    type,
    logicalId: 'HandlerPublication',
    ...(type === 'Create' ? {} : { physicalId: PHYSICAL_ID, oldProperties: PROPERTIES }),
    properties: { ...PROPERTIES, ...properties },
  });

/** Deploys the stack with other code: CloudFormation updates the function, then the release. */
function deploy(code: string): Promise<CustomResourceAnswer> {
  world.lambda.update(PLACE, 'orders', { code });
  return ask('Update', { Function: { Code: code } });
}

const data = (version: string) => ({
  FunctionName: 'orders',
  Qualifier: 'live',
  AliasArn: `${orders.arn}:live`,
  CandidateVersion: version,
});

const calls = (operation: string) => world.calls.filter((call) => call.operation === operation);

describe('publishing', () => {
  test('the first publish creates the alias on it', async () => {
    expect(await ask('Create')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: PHYSICAL_ID, Data: data('1') });
    expect(orders.shares('live')).toEqual({ 1: 1 });
  });

  test('new code becomes a candidate, and the alias stays where it is', async () => {
    await ask('Create');
    expect(await deploy('code 2')).toMatchObject({ PhysicalResourceId: PHYSICAL_ID, Data: data('2') });
    expect(orders.shares('live')).toEqual({ 1: 1 });
  });

  test('it waits until the function has been updated', async () => {
    await ask('Create');
    const before = world.clock.now();
    await deploy('code 2');
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(5_000);
  });

  test('unchanged code publishes nothing: the candidate is what is live', async () => {
    await ask('Create');
    const answer = await ask('Update', { Function: { Tags: 'other' } });
    expect(answer.Data).toEqual(data('1'));
    expect(calls('PublishVersion')).toHaveLength(1);
  });

  test('a changed token of the template, with the same function, publishes nothing', async () => {
    await ask('Create');
    const answer = await ask('Update', {
      ServiceToken: 'another arn',
      Function: { Environment: '{{reference:ssm:x}}' },
    });
    expect(answer.Data).toEqual(data('1'));
    expect(orders.versions.size).toBe(1);
  });

  test('a changed configuration is a new candidate', async () => {
    await ask('Create');
    world.lambda.update(PLACE, 'orders', { settings: { Environment: { Variables: { LIMIT: '2' } } } });
    expect((await ask('Update', { Function: { Environment: 'other' } })).Data).toEqual(data('2'));
  });

  test('a publish that fails says why, and its retry goes through', async () => {
    await ask('Create');
    world.faults = ({ operation }) =>
      operation === 'PublishVersion'
        ? { kind: 'error', name: 'CodeStorageExceededException', message: 'Code storage limit exceeded.' }
        : undefined;
    expect(await deploy('code 2')).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: PHYSICAL_ID,
      Reason: expect.stringContaining('Code storage limit exceeded'),
    });
    world.faults = () => undefined;
    expect((await ask('Update', { Function: { Code: 'code 2' } })).Data).toEqual(data('2'));
  });

  test('a publish whose answer was lost is not repeated', async () => {
    await ask('Create');
    let lost = false;
    world.faults = ({ operation }) => {
      if (operation !== 'PublishVersion' || lost) {
        return undefined;
      }
      lost = true;
      return { kind: 'no-answer', effect: true };
    };
    expect((await deploy('code 2')).Data).toEqual(data('2'));
    expect([...orders.versions.keys()]).toEqual(['1', '2']);
  });
});

describe('the life of a stack', () => {
  test('a stack rollback finds the code that is live again, and moves nothing', async () => {
    await ask('Create');
    await deploy('code 2');
    expect((await deploy('code 1')).Data).toEqual(data('1'));
    expect(orders.shares('live')).toEqual({ 1: 1 });
  });

  test('a stack rollback during a canary leaves the split to the rollout', async () => {
    await ask('Create');
    await deploy('code 2');
    orders.setAlias('live', '1', { 2: 0.08 });
    await deploy('code 1');
    expect(orders.shares('live')).toEqual({ 1: 0.92, 2: 0.08 });
  });

  test('a replaced function gets its own alias, under the same physical id', async () => {
    await ask('Create');
    const other = world.lambda.create(PLACE, 'orders-2', 'code 1');
    const answer = await ask('Update', { FunctionName: 'orders-2' });
    expect(answer).toMatchObject({ PhysicalResourceId: PHYSICAL_ID, Data: { FunctionName: 'orders-2' } });
    expect(other.shares('live')).toEqual({ 1: 1 });
  });

  test('an alias that exists is adopted as it is', async () => {
    orders.publish();
    orders.setAlias('live', '1');
    orders.update({ code: 'code 2' });
    expect((await ask('Create')).Data).toEqual(data('2'));
    expect(orders.shares('live')).toEqual({ 1: 1 });
  });

  test('delete leaves the alias to its callers, and is done also when there is nothing', async () => {
    await ask('Create');
    await deploy('code 2');
    orders.setAlias('live', '1', { 2: 0.08 });
    const alias = orders.aliases.get('live');
    expect((await ask('Delete')).Status).toBe('SUCCESS');
    expect(orders.aliases.get('live')).toEqual(alias);
    expect(orders.deleteAlias('live')).toBe(true);
    expect((await ask('Delete')).Status).toBe('SUCCESS');
    world.lambda.delete(PLACE, 'orders');
    expect((await ask('Delete')).Status).toBe('SUCCESS');
  });

  test('old versions go; live, candidate and the last ten stay', async () => {
    await ask('Create');
    for (let at = 2; at <= 14; at++) {
      await deploy(`code ${at}`);
    }
    expect([...orders.versions.keys()]).toEqual(['1', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14']);
  });

  test('that old versions cannot be deleted fails no publish', async () => {
    await ask('Create');
    world.faults = ({ operation }) => (operation === 'DeleteFunction' ? { kind: 'denied' } : undefined);
    for (let at = 2; at <= 13; at++) {
      expect((await deploy(`code ${at}`)).Status).toBe('SUCCESS');
    }
    expect(calls('DeleteFunction').length).toBeGreaterThan(0);
  });
});
