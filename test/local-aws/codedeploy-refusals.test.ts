import { CreateDeploymentCommand, type CreateDeploymentCommandInput } from '@aws-sdk/client-codedeploy';
import { appSpec, CANARY, GROUP, OrdersGroup, PLACE, revision } from './orders-group';

let orders: OrdersGroup;
beforeEach(async () => {
  orders = await OrdersGroup.start();
});
afterEach(() => orders.close());

describe('CodeDeploy refuses', () => {
  const create = (input: object) =>
    orders.client.send(
      new CreateDeploymentCommand({
        ...GROUP,
        revision: revision(appSpec('1', '2')),
        ...input,
      } as CreateDeploymentCommandInput),
    );
  const alarms = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `alarm-${at}` }));

  test.each<[string, object, string]>([
    ['no application', { applicationName: undefined }, 'ApplicationNameRequiredException'],
    ['a bad name', { applicationName: 'a b' }, 'InvalidApplicationNameException'],
    ['an unknown application', { applicationName: 'other' }, 'ApplicationDoesNotExistException'],
    ['no group', { deploymentGroupName: undefined }, 'DeploymentGroupNameRequiredException'],
    ['an unknown group', { deploymentGroupName: 'other' }, 'DeploymentGroupDoesNotExistException'],
    ['an unknown configuration', { deploymentConfigName: 'other' }, 'DeploymentConfigDoesNotExistException'],
    ['a long description', { description: 'x'.repeat(257) }, 'DescriptionTooLongException'],
    ['no revision', { revision: undefined }, 'RevisionRequiredException'],
    ['another revision type', { revision: { revisionType: 'S3' } }, 'InvalidRevisionException'],
    ['an empty AppSpec', { revision: revision({}) }, 'InvalidRevisionException'],
    [
      'an unknown hook',
      { revision: revision(appSpec('1', '2', { Hooks: [{ Other: 'x' }] })) },
      'InvalidRevisionException',
    ],
    ['a missing version', { revision: revision(appSpec('1', '')) }, 'InvalidRevisionException'],
    [
      'eleven alarms',
      { overrideAlarmConfiguration: { enabled: true, alarms: alarms(11) } },
      'AlarmsLimitExceededException',
    ],
    ['alarms, but none', { overrideAlarmConfiguration: { enabled: true } }, 'InvalidAlarmConfigException'],
    [
      'an unknown event',
      { autoRollbackConfiguration: { enabled: true, events: ['X'] } },
      'InvalidAutoRollbackConfigException',
    ],
  ])('%s', async (_what, input, name) => {
    await expect(create(input)).rejects.toMatchObject({ name });
  });

  test.each([
    ['d-1', 'InvalidDeploymentIdException'],
    ['d-NONE00000', 'DeploymentDoesNotExistException'],
  ])('the deployment %s', async (deploymentId, name) => {
    await expect(orders.stop(deploymentId)).rejects.toMatchObject({ name });
  });

  test('a configuration that shifts for more than 2,880 minutes', () => {
    const add = (percentage: number, minutes: number) => () =>
      orders.world.codedeploy.addConfig(PLACE, 'x', { type: 'TimeBasedLinear', percentage, minutes });
    expect(add(1, 29)).not.toThrow();
    expect(add(1, 30)).toThrow('2880');
    expect(add(100, 1)).toThrow('1 to 99');
  });

  test('a canary of exactly 2,880 minutes', () => {
    const add = (minutes: number) => () =>
      orders.world.codedeploy.addConfig(PLACE, 'x', { type: 'TimeBasedCanary', percentage: 8, minutes });
    expect(add(2_879)).not.toThrow();
    expect(add(2_880)).toThrow('2880');
  });
});

describe('versions', () => {
  test('that are equal fail a canary, in the deployment or at once', async () => {
    const id = await orders.deploy('1', '1', CANARY);
    await orders.world.clock.advance(1);
    expect(await orders.info(id)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'INVALID_LAMBDA_CONFIGURATION' },
    });
    orders.world.behaviour.equalVersions = 'create-refuses';
    await expect(orders.deploy('1', '1', CANARY)).rejects.toMatchObject({ name: 'InvalidRevisionException' });
  });

  test.each([
    ['that is missing', '1', '9', 'INVALID_LAMBDA_FUNCTION'],
    ['that the alias does not serve', '2', '3', 'INVALID_LAMBDA_CONFIGURATION'],
  ])('%s fails the deployment', async (_what, from, to, code) => {
    const id = await orders.deploy(from, to);
    await orders.world.clock.advance(1);
    expect(await orders.info(id)).toMatchObject({ status: 'Failed', errorInformation: { code } });
    expect(orders.shares).toEqual({ 1: 1 });
  });

  test('of different roles fail a split', async () => {
    orders.fn.update({ settings: { Role: 'arn:aws:iam::222222222222:role/other' } });
    orders.fn.publish();
    const id = await orders.deploy('1', '4', CANARY);
    await orders.world.clock.advance(1);
    expect(await orders.info(id)).toMatchObject({
      errorInformation: { code: 'INVALID_LAMBDA_CONFIGURATION', message: expect.stringContaining('differ in Role') },
    });
  });
});
