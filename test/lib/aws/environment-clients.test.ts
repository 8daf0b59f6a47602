import { readAlarms } from '../../../lib/aws/cloudwatch';
import { readParameters } from '../../../lib/aws/ssm';
import { slow } from '../../helpers/sample';
import { World } from '../../local-aws/world';

const PIPELINE = { account: '111111111111', region: 'us-west-2' };
const PRODUCTION = { account: '333333333333', region: 'eu-west-1' };
const ROLE = 'arn:aws:iam::333333333333:role/orders-production-eu-west-1-rollout';

let world: World;
let environment: { readonly service: string; readonly region: string; readonly roleArn: string };
let runs = 0;
const variables = process.env;

beforeEach(async () => {
  world = await World.start();
  world.sts.addRole(ROLE, [PIPELINE.account]);
  process.env = { ...variables, ...world.environmentOf(PIPELINE) };
  jest.useFakeTimers({
    now: world.clock.now(),
    doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'hrtime'],
  });
  // The caches live as long as the module: every test is another service.
  environment = { service: `orders${++runs}`, region: PRODUCTION.region, roleArn: ROLE };
});
afterEach(async () => {
  jest.useRealTimers();
  process.env = variables;
  await world.close();
});

const assumed = () => world.calls.filter(({ operation }) => operation === 'AssumeRole');

/** Advances the time, for the world and for the code under test. */
async function pass(minutes: number): Promise<void> {
  await world.clock.advance(minutes);
  jest.setSystemTime(world.clock.now());
}

test('a call to an environment is made there, with its role', async () => {
  world.cloudwatch.set(PRODUCTION, 'errors', 'OK', 'fine');
  expect(await readAlarms(environment, ['errors', 'missing'])).toMatchObject([{ name: 'errors', state: 'OK' }]);
  expect(world.calls.at(-1)).toMatchObject({
    service: 'monitoring',
    region: PRODUCTION.region,
    account: PRODUCTION.account,
    principal: expect.stringContaining('orders-production-eu-west-1-rollout'),
  });
  expect(assumed()).toMatchObject([
    { region: PRODUCTION.region, input: { RoleArn: ROLE, RoleSessionName: `${environment.service}-rollout` } },
  ]);
});

test('the role is assumed once, for all kinds of clients, also when they call at once', async () => {
  await Promise.all([
    readAlarms(environment, ['a']),
    readParameters(environment, ['/b']),
    readAlarms(environment, ['c']),
  ]);
  await readAlarms(environment, ['d']);
  expect(assumed()).toHaveLength(1);
});

test('the role is assumed again five minutes before the credentials expire', async () => {
  await readAlarms(environment, ['a']);
  await pass(54);
  await readAlarms(environment, ['a']);
  expect(assumed()).toHaveLength(1);
  await pass(2);
  await readAlarms(environment, ['a']);
  expect(assumed()).toHaveLength(2);
});

test('a refusal is not cached', async () => {
  world.faults = ({ operation }) => (operation === 'AssumeRole' ? { kind: 'denied' } : undefined);
  await expect(readAlarms(environment, ['a'])).rejects.toThrow();
  world.faults = () => undefined;
  expect(await readAlarms(environment, ['a'])).toEqual([]);
});

slow(
  'a call that gets no answer fails after its time, instead of waiting for ever',
  async () => {
    // Closes when the SDK gives up: a warning alone would leave the call open until the test's own timeout.
    world.faults = ({ service }) =>
      service === 'monitoring' ? { kind: 'no-answer', effect: false, hangs: true } : undefined;
    await expect(readAlarms(environment, ['errors'])).rejects.toThrow(/[Tt]imed? ?out/);
  },
  30_000,
);
