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

const send = (
  type: CustomResourceRequest['type'],
  properties: { readonly [name: string]: unknown } = {},
): Promise<CustomResourceAnswer> =>
  world.cloudformation.send(handler, {
    type,
    logicalId: 'HandlerPublication',
    ...(type === 'Create' ? {} : { physicalId: PHYSICAL_ID, oldProperties: PROPERTIES }),
    properties: { ...PROPERTIES, ...properties },
  });

/** Deploys the stack with other code: CloudFormation updates the function, then the publication. */
function deploy(code: string): Promise<CustomResourceAnswer> {
  world.lambda.update(PLACE, 'orders', { code });
  return send('Update', { Function: { Code: code } });
}

const data = (version: string) => ({
  FunctionName: 'orders',
  Qualifier: 'live',
  AliasArn: `${orders.arn}:live`,
  CandidateVersion: version,
});

const calls = (operation: string) => world.calls.filter((call) => call.operation === operation);

describe('a publish', () => {
  test('creates the alias on the first version', async () => {
    expect(await send('Create')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: PHYSICAL_ID, Data: data('1') });
    expect(orders.shares('live')).toEqual({ 1: 1 });
  });

  test('makes new code a candidate, and leaves the alias where it is', async () => {
    await send('Create');
    expect(await deploy('code 2')).toMatchObject({ PhysicalResourceId: PHYSICAL_ID, Data: data('2') });
    expect(orders.shares('live')).toEqual({ 1: 1 });
  });

  test('waits until the function has been updated', async () => {
    await send('Create');
    const before = world.clock.now();
    await deploy('code 2');
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(5_000);
  });

  test('of unchanged code publishes nothing: the candidate is the live version', async () => {
    await send('Create');
    const answer = await send('Update', { Function: { Tags: 'other' } });
    expect(answer.Data).toEqual(data('1'));
    expect(calls('PublishVersion')).toHaveLength(1);
  });

  test('of a changed token of the template, with the same function, publishes nothing', async () => {
    await send('Create');
    const answer = await send('Update', {
      ServiceToken: 'another arn',
      Function: { Environment: '{{reference:ssm:x}}' },
    });
    expect(answer.Data).toEqual(data('1'));
    expect(orders.versions.size).toBe(1);
  });

  test('makes a changed configuration a new candidate', async () => {
    await send('Create');
    world.lambda.update(PLACE, 'orders', { settings: { Environment: { Variables: { LIMIT: '2' } } } });
    expect((await send('Update', { Function: { Environment: 'other' } })).Data).toEqual(data('2'));
  });

  test('that fails reports the reason, and its retry succeeds', async () => {
    await send('Create');
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
    expect((await send('Update', { Function: { Code: 'code 2' } })).Data).toEqual(data('2'));
  });

  test('with a lost answer is not repeated', async () => {
    await send('Create');
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

describe('a publication', () => {
  test('finds the live code again after a stack rollback, and moves nothing', async () => {
    await send('Create');
    await deploy('code 2');
    expect((await deploy('code 1')).Data).toEqual(data('1'));
    expect(orders.shares('live')).toEqual({ 1: 1 });
  });

  test('leaves the split to the rollout if the stack rolls back during a canary', async () => {
    await send('Create');
    await deploy('code 2');
    orders.setAlias('live', '1', { 2: 0.08 });
    await deploy('code 1');
    expect(orders.shares('live')).toEqual({ 1: 0.92, 2: 0.08 });
  });

  test('gives a replaced function its own alias, under the same physical id', async () => {
    await send('Create');
    const other = world.lambda.create(PLACE, 'orders-2', 'code 1');
    const answer = await send('Update', { FunctionName: 'orders-2' });
    expect(answer).toMatchObject({ PhysicalResourceId: PHYSICAL_ID, Data: { FunctionName: 'orders-2' } });
    expect(other.shares('live')).toEqual({ 1: 1 });
  });

  test('adopts an existing alias as it is', async () => {
    orders.publish();
    orders.setAlias('live', '1');
    orders.update({ code: 'code 2' });
    expect((await send('Create')).Data).toEqual(data('2'));
    expect(orders.shares('live')).toEqual({ 1: 1 });
  });

  test('leaves the alias to its callers on delete, and succeeds also if there is none', async () => {
    await send('Create');
    await deploy('code 2');
    orders.setAlias('live', '1', { 2: 0.08 });
    const alias = orders.aliases.get('live');
    expect((await send('Delete')).Status).toBe('SUCCESS');
    expect(orders.aliases.get('live')).toEqual(alias);
    expect(orders.deleteAlias('live')).toBe(true);
    expect((await send('Delete')).Status).toBe('SUCCESS');
    world.lambda.delete(PLACE, 'orders');
    expect((await send('Delete')).Status).toBe('SUCCESS');
  });

  test('deletes old versions, and keeps live, candidate and the last ten', async () => {
    await send('Create');
    for (let at = 2; at <= 14; at++) {
      await deploy(`code ${at}`);
    }
    expect([...orders.versions.keys()]).toEqual(['1', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14']);
  });

  test('succeeds even if old versions cannot be deleted', async () => {
    await send('Create');
    world.faults = ({ operation }) => (operation === 'DeleteFunction' ? { kind: 'denied' } : undefined);
    for (let at = 2; at <= 13; at++) {
      expect((await deploy(`code ${at}`)).Status).toBe('SUCCESS');
    }
    expect(calls('DeleteFunction').length).toBeGreaterThan(0);
  });
});
