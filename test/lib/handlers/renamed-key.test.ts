import { complete } from '../../../lib/ledger/end';
import type { Outcome } from '../../../lib/rollout/state';
import type { Call } from '../../local-aws/call';
import { examplePlan } from '../rollout/example';
import { RELEASE, ReleaseWorld, untold } from './release-world';

/** The release went out under the keys `api` and `worker`; since then the pipeline's plan has `http` instead of `api`. */
const BAD: Outcome = { next: 'ROLLBACK', reason: 'Wave2: us-east-1/api alarm: errors 9 > 1' };

let world: ReleaseWorld;
beforeEach(async () => {
  world = await ReleaseWorld.start();
  await world.ready();
});
afterEach(() => world.close());

const rename = () => Object.assign(world, { plan: examplePlan(['http', 'worker']) });

/** Traffic of the function that had the key `api` when it was released. */
const served = (...environments: string[]) => environments.map((name) => world.fleet.shares(name, 'api'));

/** Calls to the function that had the key `api`, in production. */
const ofFunction = ({ input }: Call) => input.FunctionName === world.fleet.function('eu-west-1', 'api').name;

/** The first wave has arrived, the second one shifts. */
async function inTheSecondWave(): Promise<void> {
  await world.call('start', 'canary');
  await world.record('canary', 'PASSED');
  await world.until('start', 'Wave1');
  await world.world.clock.advance(60);
  await world.record('Wave1', 'PASSED');
  await world.until('start', 'Wave2');
  await world.world.clock.advance(12);
}

async function completed(): Promise<void> {
  const before = { executionId: 'e-0', commit: 'beef', at: world.world.clock.iso() };
  await world.ledger.setStable({ ...before, revisions: {}, recent: [] }, 0);
  await inTheSecondWave();
  await world.world.clock.advance(60);
  await world.record('Wave2', 'PASSED');
  expect(await complete(world.ledger, RELEASE, ['Wave2'])).toMatchObject({ completed: true });
}

/** Orders the rollback as a person does, every few minutes, until it is over. */
async function rollback(minutes = 1): Promise<Outcome> {
  const order = { rollback: true, executionId: RELEASE, by: 'Ada', because: 'orders are lost', plan: world.plan };
  const { handler } = world.load('rollback');
  let outcome = (await handler(order)) as Outcome;
  while (outcome.next === 'WAIT' || outcome.next === 'STOP') {
    await world.world.clock.advance(minutes);
    outcome = (await handler({ ...order, outcome })) as Outcome;
  }
  return untold(outcome);
}

test('a release under way returns with the functions that it has shifted', async () => {
  await inTheSecondWave();
  expect(served('eu-west-1', 'us-east-1')).toEqual([{ 2: 1 }, { 1: 0.5, 2: 0.5 }]);
  rename();
  expect(await world.until('rollback', 'Wave2', BAD)).toMatchObject({ next: 'DONE', error: 'RolledBack' });
  expect(served('eu-west-1', 'us-east-1')).toEqual([{ 1: 1 }, { 1: 1 }]);
});

test('a release that has completed is rolled back with the functions that it has shifted', async () => {
  await completed();
  expect(served('eu-west-1', 'us-east-1')).toEqual([{ 2: 1 }, { 2: 1 }]);
  rename();
  expect(await rollback()).toMatchObject({ next: 'DONE', error: 'RolledBack' });
  expect(served('eu-west-1', 'us-east-1')).toEqual([{ 1: 1 }, { 1: 1 }]);
});

test('staging returns, too', async () => {
  await world.until('start', 'staging');
  await world.world.clock.advance(1);
  expect(served('staging')).toEqual([{ 2: 1 }]);
  rename();
  expect(await world.until('rollback', 'staging', BAD)).toMatchObject({ next: 'DONE', error: 'RolledBack' });
  expect(served('staging')).toEqual([{ 1: 1 }]);
});

describe('after the publish that took the old key', () => {
  /** The deployment group is gone, and the role in the environment no longer has access to it. */
  const ofOldGroup = ({ input }: Call) => JSON.stringify(input).includes('orders-production-api"');

  test('traffic returns past CodeDeploy, and the outcome names the function', async () => {
    await completed();
    rename();
    world.fail(ofOldGroup, { kind: 'denied' });
    expect(await rollback()).toMatchObject({
      error: 'RolledBack',
      reason: expect.stringContaining('eu-west-1/api: has left the pipeline, serves version 1: AccessDenied'),
    });
    expect(served('eu-west-1', 'us-east-1')).toEqual([{ 1: 1 }, { 1: 1 }]);
  });

  test('traffic returns also for an operator whose credentials may read the removed group', async () => {
    await completed();
    world.fail(ofOldGroup, {
      kind: 'error',
      name: 'ApplicationDoesNotExistException',
      message: 'No application found',
    });
    expect(await rollback()).toMatchObject({
      error: 'RolledBack',
      reason: expect.stringContaining(
        'eu-west-1/api: has no deployment group any more, serves version 1: ApplicationDoesNotExistException',
      ),
    });
    expect(served('eu-west-1', 'us-east-1')).toEqual([{ 1: 1 }, { 1: 1 }]);
  });

  test('a function that is no longer released stays as it is, and the outcome names it', async () => {
    await completed();
    rename();
    world.fail((call) => ofOldGroup(call) || ofFunction(call), { kind: 'denied' });
    expect(await rollback()).toMatchObject({
      error: 'RolledBack',
      reason: expect.stringContaining('eu-west-1/api: has left the pipeline, and cannot be read: AccessDenied'),
    });
    expect(served('eu-west-1')).toEqual([{ 2: 1 }]);
    expect(world.fleet.shares('eu-west-1', 'worker')).toEqual({ 1: 1 });
  });

  test('a region that does not answer is no removed group: the rollback is not complete', async () => {
    await completed();
    rename();
    world.fail((call) => ofOldGroup(call) || ofFunction(call), {
      kind: 'error',
      name: 'ServiceUnavailable',
      message: 'away',
    });
    expect(await rollback(30)).toMatchObject({
      error: 'RollbackIncomplete',
      reason: expect.stringContaining('eu-west-1/api: ServiceUnavailable'),
    });
  });

  test('a group of the plan that cannot be read is no removed group: the rollback is not complete', async () => {
    await completed();
    world.fail(ofOldGroup, { kind: 'denied' });
    expect(await rollback(30)).toMatchObject({
      error: 'RollbackIncomplete',
      reason: expect.stringContaining('eu-west-1/api serves version 1, but it is unknown whether anything moves there'),
    });
    expect(served('eu-west-1', 'us-east-1')).toEqual([{ 1: 1 }, { 1: 1 }]);
  });
});
