import {
  type CreateDeploymentCommandInput,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { loadBundle } from '../helpers/bundles';
import type { Behaviour } from './behaviour';
import type { Fields } from './call';
import { ALARM, ALL_AT_ONCE, appSpec, CANARY, GROUP, OrdersGroup, PLACE, revision } from './orders-group';

const HOOK = 'orders-production-never-promote';

let orders: OrdersGroup;
beforeEach(async () => {
  orders = await OrdersGroup.start();
  await orders.anchor();
});
afterEach(() => orders.close());

async function restart(behaviour: Partial<Behaviour>): Promise<void> {
  await orders.close();
  orders = await OrdersGroup.start(behaviour);
  await orders.anchor();
}

const deploy = (config: string, rest: Partial<CreateDeploymentCommandInput> = {}, Hooks?: object[]) =>
  orders.deploy('1', '2', config, { revision: revision(appSpec('1', '2', Hooks ? { Hooks } : {})), ...rest });

const canary = (rest: Partial<CreateDeploymentCommandInput> = {}, hooks?: object[]) => deploy(CANARY, rest, hooks);

const override = (enabled: boolean, alarms: string[]): Partial<CreateDeploymentCommandInput> => ({
  overrideAlarmConfiguration: { enabled, ignorePollAlarmFailure: false, alarms: alarms.map((name) => ({ name })) },
});

describe('an alarm', () => {
  test('stops the deployment and returns traffic', async () => {
    const id = await canary();
    await orders.world.clock.advance(60);
    orders.world.cloudwatch.set(PLACE, ALARM, 'ALARM');
    expect(await orders.info(id)).toMatchObject({
      status: 'Stopped',
      errorInformation: { code: 'ALARM_ACTIVE', message: expect.stringContaining(ALARM) },
      rollbackInfo: { rollbackDeploymentId: expect.any(String) },
    });
    await orders.world.clock.advance(1);
    expect(orders.shares).toEqual({ 1: 1 });
  });

  test('that is in ALARM already stops a deployment before it shifts anything', async () => {
    orders.world.cloudwatch.set(PLACE, ALARM, 'ALARM');
    const id = await canary();
    await orders.world.clock.advance(1);
    expect((await orders.info(id)).errorInformation?.code).toBe('ALARM_ACTIVE');
    expect(orders.shares).toEqual({ 1: 1 });
  });

  test('of the group has no effect if the deployment has its own alarms', async () => {
    orders.world.cloudwatch.set(PLACE, 'override', 'OK');
    const id = await canary(override(true, ['override']));
    await orders.world.clock.advance(1);
    orders.world.cloudwatch.set(PLACE, ALARM, 'ALARM');
    expect((await orders.info(id)).status).toBe('InProgress');
    orders.world.cloudwatch.set(PLACE, 'override', 'ALARM');
    expect((await orders.info(id)).status).toBe('Stopped');
  });

  test('has no effect if polling is off', async () => {
    orders.world.cloudwatch.set(PLACE, ALARM, 'ALARM');
    await canary(override(false, []));
    await orders.world.clock.advance(1);
    expect(orders.shares).toEqual({ 1: 0.92, 2: 0.08 });
  });

  test('that cannot be read stops the deployment', async () => {
    const id = await canary(override(true, ['nowhere']));
    await orders.world.clock.advance(1);
    expect((await orders.info(id)).status).toBe('Stopped');
  });

  test('of another region has no effect', async () => {
    const id = await canary();
    await orders.world.clock.advance(1);
    orders.world.cloudwatch.set({ ...PLACE, region: 'us-east-1' }, ALARM, 'ALARM');
    expect((await orders.info(id)).status).toBe('InProgress');
  });

  test('in between two checks stops the deployment at the next one', async () => {
    await restart({ alarmPollSeconds: 120 });
    const id = await canary();
    await orders.world.clock.advance(1);
    orders.world.cloudwatch.set(PLACE, ALARM, 'ALARM');
    await orders.world.clock.advance(1);
    expect((await orders.info(id)).status).toBe('InProgress');
    await orders.world.clock.advance(1);
    expect((await orders.info(id)).status).toBe('Stopped');
  });

  test.each([
    [false, { 1: 1 }],
    [true, { 1: 0.92, 2: 0.08 }],
  ])('that still fires stops the rollback, too: %s', async (rollbackHonoursAlarms, expected) => {
    orders.world.behaviour.rollbackHonoursAlarms = rollbackHonoursAlarms;
    await canary();
    await orders.world.clock.advance(1);
    orders.world.cloudwatch.set(PLACE, ALARM, 'ALARM');
    await orders.world.clock.advance(1);
    expect(orders.shares).toEqual(expected);
  });
});

describe('the rollback of a group without a successful deployment', () => {
  test.each([
    ['stays', { 1: 0.92, 2: 0.08 }],
    ['returns', { 1: 1 }],
  ] as const)('traffic %s', async (rollbackOfNewGroup, expected) => {
    orders.world.behaviour.rollbackOfNewGroup = rollbackOfNewGroup;
    const group = orders.world.codedeploy.group(PLACE, GROUP.applicationName, GROUP.deploymentGroupName);
    Object.assign(group ?? {}, { lastSuccessful: undefined });
    await canary();
    await orders.world.clock.advance(1);
    orders.world.cloudwatch.set(PLACE, ALARM, 'ALARM');
    await orders.world.clock.advance(1);
    expect(orders.shares).toEqual(expected);
  });
});

describe('a hook', () => {
  const HOOKS = [{ AfterAllowTraffic: HOOK }];
  const report = (event: Fields, status: 'Succeeded' | 'Failed') =>
    orders.client.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId: String(event.DeploymentId),
        lifecycleEventHookExecutionId: String(event.LifecycleEventHookExecutionId),
        status,
      }),
    );

  test('that reports success lets the deployment succeed', async () => {
    orders.world.lambda.register(PLACE, HOOK, (event) => report(event, 'Succeeded'));
    const id = await deploy(ALL_AT_ONCE, {}, HOOKS);
    await orders.world.clock.advance(1);
    expect((await orders.info(id)).status).toBe('Succeeded');
  });

  test('that never promotes returns a canary that nobody ended', async () => {
    const { handler } = loadBundle(orders.world, 'never-promote', { place: PLACE });
    orders.world.lambda.register(PLACE, HOOK, handler);
    const id = await canary({}, HOOKS);
    await orders.world.clock.advance(2_870);
    expect(orders.shares).toEqual({ 1: 0.92, 2: 0.08 });
    await orders.world.clock.advance(1);
    expect(await orders.info(id)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'HOOK_EXECUTION_FAILURE', message: expect.stringContaining('reported Failed') },
      rollbackInfo: { rollbackDeploymentId: expect.any(String) },
    });
    await orders.world.clock.advance(1);
    expect(orders.shares).toEqual({ 1: 1 });
  });

  test('that never promotes may return traffic as slowly as it shifted', async () => {
    orders.world.behaviour.rollbackShift = 'as-configured';
    const { handler } = loadBundle(orders.world, 'never-promote', { place: PLACE });
    orders.world.lambda.register(PLACE, HOOK, handler);
    await canary({}, HOOKS);
    await orders.world.clock.advance(2_872);
    expect(orders.shares).toEqual({ 1: 0.08, 2: 0.92 });
    await orders.world.clock.advance(2_870);
    expect(orders.shares).toEqual({ 1: 1 });
  });

  test('that throws or does not exist fails the deployment', async () => {
    const missing = await deploy(ALL_AT_ONCE, {}, HOOKS);
    await orders.world.clock.advance(1);
    expect((await orders.info(missing)).errorInformation?.code).toBe('HOOK_EXECUTION_FAILURE');
    orders.world.lambda.register(PLACE, HOOK, () => Promise.reject(new Error('no')));
    const thrown = await deploy(ALL_AT_ONCE, {}, HOOKS);
    await orders.world.clock.advance(1);
    expect((await orders.info(thrown)).errorInformation?.code).toBe('HOOK_EXECUTION_FAILURE');
  });

  test('that never reports fails the deployment after an hour', async () => {
    orders.world.lambda.register(PLACE, HOOK, async () => undefined);
    const id = await deploy(ALL_AT_ONCE, {}, HOOKS);
    await orders.world.clock.advance(60);
    expect((await orders.info(id)).status).toBe('InProgress');
    await orders.world.clock.advance(1);
    expect((await orders.info(id)).status).toBe('Failed');
  });

  test('reports once, and only for a deployment that has it', async () => {
    const events: Fields[] = [];
    orders.world.lambda.register(PLACE, HOOK, async (event) => {
      events.push(event);
      await report(event, 'Succeeded');
    });
    await deploy(ALL_AT_ONCE, {}, HOOKS);
    await orders.world.clock.advance(1);
    await expect(report(events[0], 'Failed')).rejects.toMatchObject({
      name: 'LifecycleEventAlreadyCompletedException',
    });
    await expect(report({ ...events[0], LifecycleEventHookExecutionId: 'x' }, 'Failed')).rejects.toMatchObject({
      name: 'InvalidLifecycleEventHookExecutionIdException',
    });
  });
});
