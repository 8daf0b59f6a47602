import {
  createDeployment,
  lastSuccessful,
  type NewDeployment,
  readDeployments,
  recentDeployments,
  stopDeployment,
} from '../../../lib/aws/codedeploy';
import { appSpec } from '../../../lib/workload/lambda/app-spec';
import { World } from '../../local-aws/world';

const PIPELINE = { account: '111111111111', region: 'us-west-2' };
const PLACE = { account: '333333333333', region: 'eu-west-1' };
const ROLE = 'arn:aws:iam::333333333333:role/orders-production-eu-west-1-rollout';
const GROUP = { application: 'orders-production-api', deploymentGroup: 'orders-production-api' };
const NOTHING = { enabled: false, ignorePollAlarmFailure: false, alarms: [] };

let world: World;
let environment: { readonly service: string; readonly region: string; readonly roleArn: string };
let runs = 0;
const variables = process.env;

beforeEach(async () => {
  world = await World.start();
  world.sts.addRole(ROLE, [PIPELINE.account]);
  process.env = { ...variables, ...world.environmentOf(PIPELINE) };
  const fn = world.lambda.create(PLACE, 'orders-api', 'code 1');
  fn.publish();
  fn.setAlias('live', '1');
  fn.update({ code: 'code 2' });
  fn.publish();
  world.codedeploy.addGroup({
    place: PLACE,
    application: GROUP.application,
    name: GROUP.deploymentGroup,
    config: 'CodeDeployDefault.LambdaAllAtOnce',
    alarms: NOTHING,
    autoRollback: { enabled: false, events: [] },
  });
  environment = { service: `shop${++runs}`, region: PLACE.region, roleArn: ROLE };
});
afterEach(async () => {
  process.env = variables;
  await world.close();
});

const wanted = (change: Partial<NewDeployment> = {}): NewDeployment => ({
  ...GROUP,
  deploymentConfig: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
  description: 'by a test',
  appSpec: appSpec({ key: 'api', functionName: 'orders-api', alias: 'live', from: '1', to: '2' }),
  returnsOnFailure: true,
  alarms: [],
  ...change,
});

const create = async (change: Partial<NewDeployment> = {}): Promise<string> => {
  const id = await createDeployment(environment, wanted(change));
  if (!id) throw new Error('another deployment is running');
  return id;
};

test('a created deployment can be read', async () => {
  const id = await create();
  expect(await readDeployments(environment, [id])).toMatchObject([
    { id, status: 'Created', description: 'by a test', appSpec: { content: wanted().appSpec } },
  ]);
});

test('a second one in a group is not created, and is no error', async () => {
  await create();
  expect(await createDeployment(environment, wanted())).toBeUndefined();
});

test('a creation is sent once, also when its answer is lost', async () => {
  world.faults = ({ operation }) => (operation === 'CreateDeployment' ? { kind: 'server-error' } : undefined);
  await expect(create()).rejects.toThrow();
  expect(world.calls.filter(({ operation }) => operation === 'CreateDeployment')).toHaveLength(1);
});

test('stopping returns the traffic, and too late is no error', async () => {
  const first = await create({
    deploymentConfig: 'CodeDeployDefault.LambdaAllAtOnce',
    appSpec: wanted().appSpec.replace('"TargetVersion":"2"', '"TargetVersion":"1"'),
  });
  await world.clock.advance(1);
  const id = await create();
  await world.clock.advance(1);
  await stopDeployment(environment, id);
  await stopDeployment(environment, id);
  await world.clock.advance(1);
  const [stopped] = await readDeployments(environment, [id]);
  expect(stopped).toMatchObject({
    status: 'Stopped',
    errorCode: 'MANUAL_STOP',
    rollbackDeploymentId: expect.any(String),
  });
  expect(await readDeployments(environment, [stopped.rollbackDeploymentId ?? ''])).toMatchObject([
    { status: 'Succeeded', returns: id },
  ]);
  expect(await lastSuccessful(environment, GROUP)).not.toMatchObject({ id: first });
});

test('a new group has no last successful deployment', async () => {
  expect(await lastSuccessful(environment, GROUP)).toBeUndefined();
});

test('all recent deployments are found, page by page and batch by batch, the latest first', async () => {
  const ids: string[] = [];
  for (let count = 0; count < 103; count++) {
    ids.unshift(
      await create({
        deploymentConfig: 'CodeDeployDefault.LambdaAllAtOnce',
        returnsOnFailure: false,
        appSpec: wanted().appSpec.replace('"CurrentVersion":"1"', `"CurrentVersion":"${count === 0 ? 1 : 2}"`),
      }),
    );
    await world.clock.advance(1);
  }
  const found = await recentDeployments(environment, GROUP, new Date(0));
  expect(found.map(({ id }) => id)).toEqual(ids);
  const recent = await recentDeployments(environment, GROUP, new Date(world.clock.now() - 10 * 60_000));
  expect(recent.map(({ id }) => id)).toEqual(ids.slice(0, 10));
}, 30_000);

test('deployments that do not exist are missing in the answer', async () => {
  expect(await readDeployments(environment, ['d-000000XYZ'])).toEqual([]);
  expect(await readDeployments(environment, [])).toEqual([]);
});
