import { stableParameterName } from '../../../lib/plan/names';
import { published, version } from '../../helpers/revisions';
import { COMMIT, RELEASE, ReleaseWorld } from './release-world';

let world: ReleaseWorld;
beforeEach(async () => {
  world = await ReleaseWorld.start();
  await world.ready();
});
afterEach(() => world.close());

const shifts = (environment: string) =>
  world.deployments(environment).filter(({ description }) => /^(canary|wave|staging)/.test(description));

describe('a canary', () => {
  test('sets the anchor, then creates one deployment per function and region', async () => {
    expect(await world.call('start', 'canary')).toMatchObject({
      next: 'WAIT',
      reason: expect.stringContaining('anchor'),
    });
    const started = await world.until('start', 'canary');
    expect(started).toMatchObject({ next: 'WATCH', startedAt: world.world.clock.iso() });
    for (const region of ['eu-west-1', 'us-east-1']) {
      const made = world.deployments(region);
      expect(made.map(({ description }) => description.replace(/ of .*/, ''))).toEqual([
        'anchor before canary',
        'anchor before canary',
        'canary',
        'canary',
      ]);
      expect(Object.values(started.deployments?.[region] ?? {})).toEqual(made.slice(2).map(({ id }) => id));
      // The anchor moves no traffic: no alarm stops it, and it does not return.
      expect(made[0]).toMatchObject({
        config: 'CodeDeployDefault.LambdaAllAtOnce',
        revision: { currentVersion: '1', targetVersion: '1' },
        alarms: { enabled: false },
        autoRollback: { enabled: false },
      });
    }
  });

  test('returns by itself, stops for the canary’s alarms alone, and cannot be promoted', async () => {
    await world.until('start', 'canary');
    expect(shifts('eu-west-1')[0]).toMatchObject({
      config: 'orders-canary-08pct-2870m',
      description: `canary of c0ffee123456: returns by design [${RELEASE}/canary]`,
      revision: { currentVersion: '1', targetVersion: '2', afterAllowTraffic: 'orders-production-never-promote' },
      autoRollback: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
      overridesAlarms: true,
      alarms: { enabled: true, ignorePollAlarmFailure: true, alarms: ['orders-production-api-canary-errors'] },
    });
  });

  test('records, before anything shifts, the revisions that all of production serves', async () => {
    await world.call('start', 'canary');
    const stable = { api: version('1'), worker: version('1') };
    expect((await world.ledger.release(RELEASE))?.stables).toEqual({ 'eu-west-1': stable, 'us-east-1': stable });
  });

  describe('before anything shifts, each region gets the revisions to which the release returns', () => {
    const PARAMETERS = ['api', 'worker'].map((key) => stableParameterName('orders', key));
    const remembered = (region: string) =>
      PARAMETERS.map((name) => world.world.ssm.get(world.plan.environments[region], name)).map(
        (value) => value && JSON.parse(value),
      );
    const written = () => world.world.calls.filter(({ operation, error }) => operation === 'PutParameter' && !error);
    const earlier = (acquiredAt: string) =>
      JSON.stringify({
        schema: 1,
        executionId: 'e-0',
        commit: 'beef',
        acquiredAt,
        ...published('orders-production-api-8HX2PQ', '7'),
      });

    test('and has that in the ledger before its first shift', async () => {
      await world.until('start', 'canary');
      const { acquiredAt } = (await world.ledger.holder()) ?? {};
      for (const region of ['eu-west-1', 'us-east-1']) {
        expect(remembered(region)).toEqual(
          ['api', 'worker'].map((key) => ({
            schema: 1,
            executionId: RELEASE,
            commit: COMMIT,
            acquiredAt,
            ...published(`orders-production-${key}-8HX2PQ`, '1'),
          })),
        );
      }
      const { calls } = world.world;
      const last = calls.findLastIndex(({ operation }) => operation === 'PutParameter');
      const started = calls.findIndex(({ input }) => JSON.stringify(input).includes('STARTED'));
      expect(last).toBeLessThan(started);
    });

    test('once: not while it waits to start, and not for a wave', async () => {
      await world.call('start', 'canary');
      expect(written()).toEqual([]);
      await world.until('start', 'canary');
      expect(written()).toHaveLength(4);
      await world.record('canary', 'PASSED');
      await world.world.clock.advance(60);
      await world.until('start', 'Wave1');
      expect(written()).toHaveLength(4);
    });

    test('not for staging', async () => {
      await world.until('start', 'staging');
      expect(written()).toEqual([]);
    });

    test.each(['GetParameters', 'PutParameter'])(
      'without %s it waits, and then is refused: nothing has moved',
      async (operation) => {
        world.fail((call) => call.operation === operation && call.region === 'us-east-1', { kind: 'denied' });
        const waits = await world.until('start', 'canary');
        expect(waits).toMatchObject({
          next: 'REFUSED',
          reason: expect.stringContaining('us-east-1: the stable revisions could not be written: AccessDenied'),
        });
        expect(shifts('eu-west-1')).toEqual([]);
        expect((await world.rollouts()).canary).toBeUndefined();
      },
    );

    test('goes on where it was interrupted', async () => {
      let puts = 0;
      world.world.faults = ({ operation, region }) =>
        operation === 'PutParameter' && region === 'us-east-1' && ++puts === 2
          ? { kind: 'no-answer', effect: false }
          : undefined;
      expect(await world.until('start', 'canary')).toMatchObject({ next: 'WATCH' });
      expect(remembered('us-east-1')).toEqual([
        expect.objectContaining({ executionId: RELEASE }),
        expect.objectContaining({ executionId: RELEASE }),
      ]);
      expect(written()).toHaveLength(4);
    });

    test('follows an earlier release, and never overwrites a later one', async () => {
      const place = world.plan.environments['eu-west-1'];
      world.world.ssm.put(place, PARAMETERS[0], earlier('2026-01-01T00:00:00.000Z'));
      const later = new Date(world.world.clock.now() + 60_000).toISOString();
      world.world.ssm.put(place, PARAMETERS[1], earlier(later));
      expect(await world.until('start', 'canary')).toMatchObject({
        next: 'REFUSED',
        reason: expect.stringContaining(
          `${PARAMETERS[1]} in eu-west-1 was written by release e-0, which acquired production later, at ${later}`,
        ),
      });
      expect(remembered('eu-west-1')).toMatchObject([{ executionId: RELEASE }, { executionId: 'e-0' }]);
    });

    test('and touches nothing when it meets an unknown schema', async () => {
      world.world.ssm.put(world.plan.environments['eu-west-1'], PARAMETERS[0], '{"schema":2}');
      expect(await world.until('start', 'canary')).toMatchObject({
        next: 'REFUSED',
        reason: expect.stringContaining(`${PARAMETERS[0]} in eu-west-1.schema must be 1, but is 2`),
      });
      expect(remembered('eu-west-1')[0]).toEqual({ schema: 2 });
    });
  });

  test('is in the ledger before its first deployment is created', async () => {
    await world.until('start', 'canary');
    const { calls } = world.world;
    const recorded = calls.findIndex(
      ({ operation, input }) => operation === 'UpdateItem' && JSON.stringify(input).includes('STARTED'),
    );
    const created = calls.findIndex(
      ({ operation, input }) => operation === 'CreateDeployment' && String(input.description).startsWith('canary'),
    );
    expect(recorded).toBeGreaterThan(0);
    expect(created).toBeGreaterThan(recorded);
  });

  test('that has passed does not run again', async () => {
    await world.record('canary', 'PASSED');
    expect(await world.call('start', 'canary')).toMatchObject({
      next: 'DONE',
      reason: expect.stringContaining('passed already'),
    });
    expect(world.deployments('eu-west-1')).toEqual([]);
  });
});

describe('a deployment is never created twice', () => {
  test.each([
    ['the connection breaks after it took effect', { kind: 'no-answer', effect: true }],
    ['the answer cannot be read', { kind: 'garbled', body: '<html>' }],
    ['the connection breaks before', { kind: 'no-answer', effect: false }],
    ['it is throttled', { kind: 'throttled' }],
    ['CodeDeploy errs', { kind: 'server-error' }],
  ] as const)('when %s', async (_name, fault) => {
    let failures = 0;
    world.world.faults = ({ operation, region }) =>
      operation === 'CreateDeployment' && region === 'us-east-1' && failures++ < 3 ? fault : undefined;
    const started = await world.until('start', 'canary');
    expect(started.next).toBe('WATCH');
    expect(failures).toBeGreaterThan(2);
    expect(shifts('us-east-1')).toHaveLength(2);
    expect(Object.values(started.deployments?.['us-east-1'] ?? {}).sort()).toEqual(
      shifts('us-east-1')
        .map(({ id }) => id)
        .sort(),
    );
    expect(Object.keys(started.deployments ?? {})).toEqual(['eu-west-1', 'us-east-1']);
  });

  test('when the answer of the whole handler was lost', async () => {
    const first = await world.until('start', 'canary');
    const second = await world.call('start', 'canary');
    expect(second).toMatchObject({ next: 'WATCH', deployments: first.deployments });
  });
});

test('provisioned concurrency under the alias of one function keeps the whole rollout from starting', async () => {
  world.fleet.function('us-east-1', 'worker').provisioned.set('live', { requested: 5, status: 'READY' });
  expect(await world.call('start', 'canary')).toMatchObject({
    next: 'REFUSED',
    reason: expect.stringContaining('us-east-1/worker has provisioned concurrency under its alias'),
  });
  expect(shifts('eu-west-1')).toEqual([]);
});

describe('a release runs a rollout only if it', () => {
  test('holds production', async () => {
    const holder = await world.ledger.holder();
    await world.ledger.transferLock(holder, {
      executionId: 'e-2',
      commit: 'beef',
      token: 2,
      acquiredAt: world.world.clock.iso(),
      state: 'HELD',
    });
    expect(await world.call('start', 'canary')).toMatchObject({
      next: 'REFUSED',
      reason: expect.stringContaining('held by release e-2'),
    });
  });

  test('has passed the rollouts before it', async () => {
    await world.record('canary', 'STARTED');
    expect(await world.call('start', 'Wave2')).toEqual({
      next: 'REFUSED',
      reason: `Wave2 may run only after canary, Wave1, which has not passed for release ${RELEASE}`,
    });
  });

  test('is not being rolled back', async () => {
    await world.ledger.markRollingBack(RELEASE, world.world.clock.iso(), 'errors');
    expect(await world.call('start', 'canary')).toMatchObject({
      next: 'REFUSED',
      reason: expect.stringContaining('being rolled back'),
    });
  });

  test('has collected', async () => {
    await world.put({
      pk: `release#${RELEASE}`,
      executionId: RELEASE,
      commit: 'c',
      token: 1,
      candidates: {},
      stables: {},
      rollouts: {},
    });
    expect(await world.call('start', 'canary')).toMatchObject({
      next: 'REFUSED',
      reason: expect.stringContaining('the ledger has no candidate for eu-west-1/api, eu-west-1/worker, us-east-1/api'),
    });
  });
});

describe('a hindrance', () => {
  const alarm = 'orders-production-api-canary-errors';

  test('may last 15 min, then the rollout is refused as long as nothing was touched', async () => {
    world.fleet.alarm('us-east-1', alarm, 'ALARM', 'errors 7 > 1');
    const began = world.world.clock.now();
    expect(await world.until('start', 'canary')).toMatchObject({
      next: 'REFUSED',
      reason: expect.stringContaining(
        'us-east-1/api alarm orders-production-api-canary-errors is ALARM, not OK: errors 7 > 1 (waited 15 min, at most 15)',
      ),
    });
    expect((world.world.clock.now() - began) / 60_000).toBe(15);
    expect(world.deployments('eu-west-1')).toEqual([]);
    expect(await world.rollouts()).toEqual({});
  });

  test('is forgotten when it passes', async () => {
    world.fleet.alarm('us-east-1', alarm, 'ALARM');
    world.world.clock.inMinutes(10, () => world.fleet.alarm('us-east-1', alarm, 'OK'));
    expect(await world.until('start', 'canary')).toMatchObject({ next: 'WATCH' });
  });

  test('may be a region that does not answer: Start waits', async () => {
    world.fail(({ region, service }) => region === 'us-east-1' && service === 'sts', {
      kind: 'no-answer',
      effect: false,
    });
    expect(await world.call('start', 'canary')).toMatchObject({
      next: 'WAIT',
      reason: expect.stringContaining('us-east-1/api: '),
    });
    world.heal();
    expect(await world.until('start', 'canary')).toMatchObject({ next: 'WATCH' });
  });

  test('rolls back when another region has started', async () => {
    world.fail(
      ({ region, operation, input }) =>
        region === 'us-east-1' && operation === 'CreateDeployment' && String(input.description).startsWith('canary'),
      { kind: 'denied' },
    );
    expect(await world.until('start', 'canary')).toMatchObject({
      next: 'ROLLBACK',
      reason: expect.stringContaining('AccessDenied'),
    });
    expect(shifts('eu-west-1')).toHaveLength(2);
  });

  describe('at a later wave', () => {
    beforeEach(async () => {
      await world.call('start', 'canary');
      await world.record('canary', 'PASSED');
      await world.record('Wave1', 'PASSED');
      for (const key of ['api', 'worker']) world.fleet.function('eu-west-1', key).setAlias('live', '2');
    });

    test('rolls back, since an earlier one has moved', async () => {
      world.fleet.alarm('us-east-1', 'orders-production-api-wave-errors', 'ALARM', '9 > 1');
      expect(await world.until('start', 'Wave2')).toMatchObject({
        next: 'ROLLBACK',
        reason: expect.stringContaining('is ALARM, not OK: 9 > 1 (waited 15 min'),
      });
    });

    test('may be a region of an earlier wave that somebody has returned past the ledger: nothing more is split', async () => {
      world.fleet.function('eu-west-1', 'api').setAlias('live', '1');
      expect(await world.until('start', 'Wave2')).toEqual({
        next: 'ROLLBACK',
        reason:
          'Wave2 cannot start: Wave2 waits to start: eu-west-1/api serves version 1 instead of version 2 (waited 15 min, at most 15)',
      });
      expect(world.deployments('us-east-1').filter(({ description }) => description.includes('/Wave2/'))).toEqual([]);
    });
  });

  test('may be a ledger that does not answer: Start waits', async () => {
    world.fail(({ service }) => service === 'dynamodb', { kind: 'server-error' });
    expect(await world.call('start', 'canary')).toMatchObject({ next: 'WAIT' });
    expect(await world.until('start', 'canary')).toMatchObject({ next: 'ROLLBACK' });
  });

  test('may be a difference of the two versions: another role, another dead-letter queue', async () => {
    const fn = world.fleet.function('eu-west-1', 'api');
    fn.update({
      settings: { Role: 'arn:aws:iam::333333333333:role/another', DeadLetterConfig: { TargetArn: 'arn:dlq' } },
    });
    world.fleet.publish('eu-west-1', 'api', 'code with another role');
    await world.call('collect', 'canary');
    const outcome = await world.call('start', 'canary');
    expect(outcome).toMatchObject({ next: 'REFUSED' });
    expect(outcome.reason).toContain('eu-west-1/api cannot shift: its versions 1 and 3 differ in their execution role');
    expect(outcome.reason).toContain('dead-letter queue (none, arn:dlq)');
  });
});

describe('staging', () => {
  test('shifts without holding production', async () => {
    const holder = await world.ledger.holder();
    await world.ledger.transferLock(holder, {
      executionId: 'e-2',
      commit: 'beef',
      token: 2,
      acquiredAt: world.world.clock.iso(),
      state: 'HELD',
    });
    expect(await world.until('start', 'staging')).toMatchObject({ next: 'WATCH' });
  });

  test('that was rolled back is tried again with deployments of its own', async () => {
    const first = await world.until('start', 'staging');
    await world.record('staging', 'ROLLED_BACK');
    await world.world.clock.advance(5);
    for (const key of ['api', 'worker']) world.fleet.function('staging', key).setAlias('live', '1');
    const second = await world.until('start', 'staging');
    expect(second.next).toBe('WATCH');
    expect(second.deployments).not.toEqual(first.deployments);
    expect(shifts('staging').at(-1)?.description).toContain(`[${RELEASE}/staging#2]`);
    expect(await world.rollouts()).toMatchObject({ staging: { state: 'STARTED', attempt: 2 } });
  });
});

test('a first release has nothing to shift, and has passed', async () => {
  await world.close();
  world = await ReleaseWorld.start(false);
  // The second publish of the world made version 2: the alias is on the first.
  for (const region of ['staging', 'eu-west-1', 'us-east-1']) {
    for (const key of ['api', 'worker']) world.fleet.function(region, key).setAlias('live', '1');
  }
  await world.ready();
  expect(await world.call('start', 'canary')).toMatchObject({
    next: 'DONE',
    reason: expect.stringContaining('nothing to do'),
  });
  expect(await world.rollouts()).toMatchObject({ canary: { state: 'PASSED', shifted: false } });
});

test('an empty answer about provisioned concurrency does not count as provisioned concurrency', async () => {
  world.fail(({ operation }) => operation === 'GetProvisionedConcurrencyConfig', { kind: 'garbled', body: '{}' });
  expect(await world.call('start', 'canary')).toMatchObject({
    next: 'WAIT',
    reason: expect.stringContaining('Lambda gave no'),
  });
});
