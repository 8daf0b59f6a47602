import {
  BatchGetDeploymentsCommand,
  GetDeploymentGroupCommand,
  ListDeploymentsCommand,
} from '@aws-sdk/client-codedeploy';
import type { Behaviour } from './behaviour';
import { ALARM, ALL_AT_ONCE, CANARY, GROUP, LINEAR, OrdersGroup } from './orders-group';

let orders: OrdersGroup;
beforeEach(async () => {
  orders = await OrdersGroup.start();
});
afterEach(() => orders.close());

async function restart(behaviour: Partial<Behaviour>): Promise<void> {
  await orders.close();
  orders = await OrdersGroup.start(behaviour);
}

describe('a shift', () => {
  test('all at once moves everything, and ends', async () => {
    const id = await orders.deploy('1', '2');
    expect(await orders.info(id)).toMatchObject({
      status: 'Created',
      creator: 'user',
      deploymentConfigName: ALL_AT_ONCE,
    });
    expect(orders.shares).toEqual({ 1: 1 });
    await orders.world.clock.advance(1);
    expect(await orders.info(id)).toMatchObject({
      status: 'Succeeded',
      createTime: new Date('2026-03-02T09:00:00Z'),
      completeTime: new Date('2026-03-02T09:00:10Z'),
    });
    expect(orders.shares).toEqual({ 2: 1 });
  });

  test('linear moves traffic step by step', async () => {
    const id = await orders.deploy('1', '2', LINEAR);
    const seen = [];
    for (const minutes of [1, 10, 10, 10]) {
      await orders.world.clock.advance(minutes);
      seen.push(orders.shares);
    }
    expect(seen).toEqual([{ 1: 0.75, 2: 0.25 }, { 1: 0.5, 2: 0.5 }, { 1: 0.25, 2: 0.75 }, { 2: 1 }]);
    expect((await orders.info(id)).status).toBe('Succeeded');
  });

  test('of a canary moves its share, and the rest at the end of its interval', async () => {
    await orders.deploy('1', '2', CANARY);
    await orders.world.clock.advance(2_870);
    expect(orders.shares).toEqual({ 1: 0.92, 2: 0.08 });
    await orders.world.clock.advance(1);
    expect(orders.shares).toEqual({ 2: 1 });
  });

  test('shows in the group as its last deployment', async () => {
    const first = await orders.deploy('1', '2');
    await orders.world.clock.advance(1);
    const second = await orders.deploy('2', '3', CANARY);
    await orders.world.clock.advance(1);
    const { deploymentGroupInfo } = await orders.client.send(new GetDeploymentGroupCommand(GROUP));
    expect(deploymentGroupInfo).toMatchObject({
      lastSuccessfulDeployment: { deploymentId: first, status: 'Succeeded' },
      lastAttemptedDeployment: { deploymentId: second, status: 'InProgress' },
      alarmConfiguration: { enabled: true, alarms: [{ name: ALARM }] },
    });
  });
});

describe('a group with a running deployment', () => {
  test('refuses a second deployment, in CodeDeploy’s own words', async () => {
    const id = await orders.deploy('1', '2', CANARY);
    await expect(orders.deploy('1', '3')).rejects.toMatchObject({
      name: 'DeploymentLimitExceededException',
      message: expect.stringContaining(id),
    });
    await orders.stop(id, false);
    await orders.deploy('1', '3');
  });

  test('refuses one also while a rollback runs', async () => {
    await orders.anchor();
    const id = await orders.deploy('1', '2', CANARY);
    await orders.world.clock.advance(1);
    await orders.stop(id, true);
    await expect(orders.deploy('1', '3')).rejects.toMatchObject({ name: 'DeploymentLimitExceededException' });
    await orders.world.clock.advance(1);
    await orders.deploy('1', '3');
  });
});

describe('a stop', () => {
  test('with rollback redeploys the group’s last successful revision as a new deployment', async () => {
    await orders.anchor();
    const id = await orders.deploy('1', '2', CANARY);
    await orders.world.clock.advance(60);
    expect(await orders.stop(id, true)).toMatchObject({ status: 'Succeeded' });
    const stopped = await orders.info(id);
    expect(stopped).toMatchObject({ status: 'Stopped', errorInformation: { code: 'MANUAL_STOP' } });
    const back = stopped.rollbackInfo?.rollbackDeploymentId ?? '';
    expect(await orders.info(back)).toMatchObject({
      creator: 'codeDeployRollback',
      rollbackInfo: { rollbackTriggeringDeploymentId: id },
    });
    expect(orders.shares).toEqual({ 1: 0.92, 2: 0.08 });
    await orders.world.clock.advance(1);
    expect((await orders.info(back)).status).toBe('Succeeded');
    expect(orders.shares).toEqual({ 1: 1 });
  });

  test('returns to the group’s last deployed version, even if the alias served another one', async () => {
    await orders.anchor();
    orders.fn.setAlias('live', '2');
    const id = await orders.deploy('2', '3', CANARY);
    await orders.world.clock.advance(1);
    await orders.stop(id, true);
    await orders.world.clock.advance(1);
    expect(orders.shares).toEqual({ 1: 1 });
  });

  test('without rollback leaves the split, and later deployments fail', async () => {
    await orders.anchor();
    const id = await orders.deploy('1', '2', CANARY);
    await orders.world.clock.advance(1);
    await orders.stop(id, false);
    await orders.world.clock.advance(1);
    expect(orders.shares).toEqual({ 1: 0.92, 2: 0.08 });
    const later = await orders.deploy('1', '3', ALL_AT_ONCE, { autoRollbackConfiguration: { enabled: false } });
    await orders.world.clock.advance(1);
    expect(await orders.info(later)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'INVALID_LAMBDA_CONFIGURATION' },
    });
  });

  test('uses the configured rollback if the call names none', async () => {
    await orders.anchor();
    const enabled = await orders.deploy('1', '2', CANARY);
    await orders.stop(enabled);
    expect((await orders.info(enabled)).rollbackInfo?.rollbackDeploymentId).toBeDefined();
    await orders.world.clock.advance(1);
    const disabled = await orders.deploy('1', '2', CANARY, { autoRollbackConfiguration: { enabled: false } });
    await orders.stop(disabled);
    expect((await orders.info(disabled)).rollbackInfo).toBeUndefined();
  });

  test('changes nothing in a deployment that has ended', async () => {
    await expect(orders.stop(await orders.anchor(), true)).rejects.toMatchObject({
      name: 'DeploymentAlreadyCompletedException',
    });
  });

  test('may be pending, and take effect later', async () => {
    await restart({ stopAnswers: 'Pending', stopSeconds: 90 });
    await orders.anchor();
    const id = await orders.deploy('1', '2', CANARY);
    await orders.world.clock.advance(1);
    expect(await orders.stop(id, true)).toMatchObject({ status: 'Pending' });
    await orders.world.clock.advance(1);
    expect((await orders.info(id)).status).toBe('InProgress');
    await orders.world.clock.advance(1);
    expect((await orders.info(id)).status).toBe('Stopped');
    expect(orders.shares).toEqual({ 1: 1 });
  });
});

describe('a list of deployments', () => {
  const list = async (rest: object = {}) =>
    (await orders.client.send(new ListDeploymentsCommand({ ...GROUP, ...rest }))).deployments;

  test('filters by group, status and time', async () => {
    const first = await orders.anchor();
    const second = await orders.deploy('1', '2', CANARY);
    await orders.world.clock.advance(1);
    expect(await list()).toEqual([second, first]);
    expect(await list({ includeOnlyStatuses: ['InProgress'] })).toEqual([second]);
    expect(await list({ createTimeRange: { end: new Date('2026-03-02T09:00:30Z') } })).toEqual([first]);
  });

  test('may come in any order, and with a delay', async () => {
    await restart({ listOrder: 'oldest-first', listLagSeconds: 60 });
    const first = await orders.anchor();
    const second = await orders.deploy('1', '2', CANARY);
    expect(await list()).toEqual([first]);
    await orders.world.clock.advance(1);
    expect(await list()).toEqual([first, second]);
  });

  test('leaves out deployments that do not exist, if read as a batch', async () => {
    const id = await orders.anchor();
    const batch = (deploymentIds: string[]) => orders.client.send(new BatchGetDeploymentsCommand({ deploymentIds }));
    const { deploymentsInfo } = await batch([id, 'd-NONE00000']);
    expect(deploymentsInfo?.map(({ deploymentId }) => deploymentId)).toEqual([id]);
    const many = Array.from({ length: 26 }, () => id);
    await expect(batch(many)).rejects.toMatchObject({ name: 'BatchLimitExceededException' });
  });
});
