import { published as publishedOf, version } from '../../helpers/revisions';
import { COMMIT, RELEASE, ReleaseWorld } from './release-world';

let world: ReleaseWorld;
beforeEach(async () => {
  world = await ReleaseWorld.start();
});
afterEach(() => world.close());

const published = (environment: string) => {
  const revision = (key: string) => publishedOf(world.fleet.function(environment, key).name, '2');
  return { api: revision('api'), worker: revision('worker') };
};

test('staging records its own publications, without holding the ledger', async () => {
  expect(await world.call('collect', 'staging')).toMatchObject({ next: 'DONE' });
  expect((await world.ledger.release(RELEASE))?.candidates).toEqual({ staging: published('staging') });
});

test('the canary records the publications of all of production', async () => {
  await world.hold();
  expect(await world.call('collect', 'canary')).toMatchObject({ next: 'DONE' });
  expect((await world.ledger.release(RELEASE))?.candidates).toEqual({
    'eu-west-1': published('eu-west-1'),
    'us-east-1': published('us-east-1'),
  });
});

test('a wave reads no environment: it releases the revisions that the canary has probed', async () => {
  await world.hold();
  const before = world.world.calls.length;
  expect(await world.call('collect', 'Wave1')).toMatchObject({ next: 'DONE' });
  expect(world.operations(before)).not.toContain('GetParameters');
});

test.each([
  ['canary', 'arn:x'],
  ['Wave1', 'arn:x'],
  ['staging', undefined],
])('%s: the execution that runs it is recorded as %s', async (rollout, recorded) => {
  await world.hold();
  const { handler } = world.load('collect');
  expect(await handler({ ...world.state(rollout), machine: 'arn:x' })).toMatchObject({ next: 'DONE' });
  expect((await world.ledger.release(RELEASE))?.machine).toBe(recorded);
});

test('a release that is being rolled back records no execution: Start refuses it', async () => {
  await world.ready();
  await world.ledger.markRollingBack(RELEASE, world.world.clock.iso(), 'errors');
  const { handler } = world.load('collect');
  expect(await handler({ ...world.state('Wave1'), machine: 'arn:x' })).toMatchObject({ next: 'DONE' });
  expect((await world.ledger.release(RELEASE))?.machine).toBeUndefined();
  expect(await world.call('start', 'canary')).toMatchObject({ next: 'REFUSED' });
});

test.each(['canary', 'Wave1'])(
  '%s of a release that does not hold production is refused, with the holder',
  async (rollout) => {
    await world.ledger.transferLock(undefined, {
      executionId: 'e-2',
      commit: 'beef',
      token: 1,
      acquiredAt: world.world.clock.iso(),
      state: 'HELD',
    });
    expect(await world.call('collect', rollout)).toEqual({
      next: 'REFUSED',
      reason: expect.stringContaining('it is held by release e-2 (commit beef) since 2026-03-02'),
    });
  },
);

test('an environment that has never published is refused, with its parameter', async () => {
  await world.hold();
  const { targets, ...place } = world.plan.environments['us-east-1'];
  world.world.ssm.put(place, targets.api.parameter, '');
  const outcome = await world.call('collect', 'canary');
  expect(outcome).toMatchObject({ next: 'REFUSED', reason: expect.stringContaining('/orders/production/api') });
  expect((await world.ledger.release(RELEASE))?.candidates).toEqual({});
});

test('a candidate of a rollout that has started stays, whatever is published meanwhile', async () => {
  await world.ready();
  await world.record('canary', 'STARTED');
  world.publish(['eu-west-1', 'us-east-1'], 'newer code');
  expect(await world.call('collect', 'canary')).toMatchObject({ next: 'DONE' });
  expect((await world.ledger.release(RELEASE))?.candidates['eu-west-1'].api.revision).toEqual(version('2'));
});

test('a missing answer of AWS is thrown, so that the machine retries', async () => {
  await world.hold();
  world.fail(({ operation, region }) => operation === 'GetParameters' && region === 'us-east-1', { kind: 'throttled' });
  await expect(world.call('collect', 'canary')).rejects.toThrow();
  world.heal();
  expect(await world.call('collect', 'canary')).toMatchObject({ next: 'DONE' });
});

test('every answer is one line of JSON in the log', async () => {
  const { handler, logs } = world.load('collect');
  await handler(world.state('staging'));
  expect(logs.map((line) => JSON.parse(line))).toEqual([
    {
      handler: 'collect',
      rollout: 'staging',
      executionId: RELEASE,
      commit: COMMIT,
      next: 'DONE',
      reason: 'recorded the candidates in staging',
    },
  ]);
});

test('a parameter without an answer of SSM is read again, and not taken for one that does not exist', async () => {
  await world.hold();
  world.fail(({ operation }) => operation === 'GetParameters', { kind: 'garbled', body: '{}' });
  await expect(world.call('collect', 'canary')).rejects.toThrow(/SSM in .* did not return/);
});
