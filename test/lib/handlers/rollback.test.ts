import { complete } from '../../../lib/ledger/end';
import { holdReason } from '../../../lib/ledger/transitions';
import type { Outcome } from '../../../lib/rollout/state';
import { version } from '../../helpers/revisions';
import { sample } from '../../helpers/sample';
import { PIPELINE_PLACE } from '../rollout/example';
import { HELD_STAGES, PIPELINE_NAME, RELEASE, ReleaseWorld, stored, untold } from './release-world';

const BAD: Outcome = { next: 'ROLLBACK', reason: 'Wave1: eu-west-1/api alarm: errors 9 > 1' };
const REGIONS = ['eu-west-1', 'us-east-1'] as const;

let world: ReleaseWorld;
beforeEach(async () => {
  world = await ReleaseWorld.start();
  await world.ready();
});
afterEach(() => world.close());

const returns = (environment: string) =>
  world.deployments(environment).filter(({ description }) => description.startsWith('rollback of'));

/** The canary has passed; the first wave has arrived, the second one shifts. */
async function inTheSecondWave(): Promise<void> {
  await world.call('start', 'canary');
  await world.record('canary', 'PASSED');
  await world.until('start', 'Wave1');
  await world.world.clock.advance(60);
  await world.record('Wave1', 'PASSED');
  await world.until('start', 'Wave2');
  await world.world.clock.advance(12);
}

test('returns every region: those that have arrived and those that shift', async () => {
  await inTheSecondWave();
  expect([world.serving('eu-west-1'), world.serving('us-east-1')]).toEqual([{ 2: 1 }, { 1: 0.5, 2: 0.5 }]);
  const outcome = await world.until('rollback', 'Wave2', BAD);
  expect(outcome).toEqual({
    next: 'DONE',
    error: 'RolledBack',
    reason: `rolled back to the revision before in eu-west-1, us-east-1: ${BAD.reason}`,
  });
  expect(world.serving(...REGIONS)).toEqual({ 1: 1 });
});

test('ends the release: production is free, and nothing of it starts again', async () => {
  await inTheSecondWave();
  await world.until('rollback', 'Wave2', BAD);
  expect(await world.ledger.holder()).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
  expect(await world.rollouts()).toMatchObject({ Wave1: { state: 'ROLLED_BACK' }, Wave2: { state: 'ROLLED_BACK' } });
  expect(await world.call('start', 'Wave2')).toMatchObject({ next: 'REFUSED' });
});

describe('reopens the transitions for the next release', () => {
  const transition = (stage: string) => world.world.codepipeline.transition(PIPELINE_PLACE, PIPELINE_NAME, stage);
  const enabled = () => HELD_STAGES.map((stage) => transition(stage).enabled);

  beforeEach(async () => {
    await inTheSecondWave();
    for (const stage of HELD_STAGES) Object.assign(transition(stage), { enabled: false, reason: holdReason(RELEASE) });
  });

  test('when all is on stable, and not before', async () => {
    expect(await world.call('rollback', 'Wave2', BAD)).toMatchObject({ next: 'WAIT' });
    expect(enabled()).toEqual([false, false]);
    await world.until('rollback', 'Wave2', BAD);
    expect(enabled()).toEqual([true, true]);
  });

  test('with a patience of its own after a rollback that took nearly all of its time, and reports when it gave up', async () => {
    world.fail(({ operation }) => operation === 'GetPipelineState', { kind: 'denied' });
    const waitingSince = new Date(world.world.clock.now() - 239 * 60_000).toISOString();
    const nearly: Outcome = { next: 'WAIT', reason: 'rolls back', because: BAD.reason, waitingSince };
    await world.call('rollback', 'Wave2', BAD);
    // After that time no handler of the release runs any more.
    await world.world.clock.advance(4);
    const answer = await world.call('rollback', 'Wave2', nearly);
    expect(answer).toMatchObject({
      next: 'WAIT',
      because: BAD.reason,
      reason: expect.stringContaining('the transitions could not be enabled: AccessDenied'),
    });
    expect(await world.ledger.holder()).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
    expect(await world.until('rollback', 'Wave2', answer)).toMatchObject({
      next: 'DONE',
      error: 'RolledBack',
      reason: expect.stringMatching(/^rolled back to .* in eu-west-1, us-east-1: .*; the transitions .*waited 15 min/),
    });
  });
});

test('names the last stable commit when there is one', async () => {
  await world.ledger.setStable(
    { executionId: 'e-0', commit: 'beef', at: world.world.clock.iso(), revisions: {}, recent: [] },
    0,
  );
  await inTheSecondWave();
  expect(await world.until('rollback', 'Wave2', BAD)).toMatchObject({
    reason: expect.stringContaining('rolled back to commit beef in'),
  });
});

test('a return is all at once, with the alarms off, and does not itself return', async () => {
  await inTheSecondWave();
  world.fleet.alarm('eu-west-1', 'orders-production-api-wave-errors', 'ALARM');
  await world.until('rollback', 'Wave2', BAD);
  expect(returns('eu-west-1')).toHaveLength(2);
  expect(returns('eu-west-1')[0]).toMatchObject({
    config: 'CodeDeployDefault.LambdaAllAtOnce',
    description: `rollback of c0ffee123456 [${RELEASE}/Wave2/rollback]`,
    revision: { currentVersion: '2', targetVersion: '1' },
    overridesAlarms: true,
    alarms: { enabled: false },
    autoRollback: { enabled: false },
    status: 'Succeeded',
  });
});

test('from the first call on, no other machine starts or passes anything of the release', async () => {
  await inTheSecondWave();
  expect(await world.call('rollback', 'Wave2', BAD)).toMatchObject({ next: 'WAIT', because: BAD.reason });
  expect((await world.ledger.release(RELEASE))?.rollingBackSince).toBeDefined();
  expect(await world.call('start', 'Wave2')).toMatchObject({ next: 'REFUSED' });
});

test('does not end the release while a second Start of it hangs, which then shifts all the same: that returns, too', async () => {
  await inTheSecondWave();
  await world.world.clock.advance(60);
  let shifted: number | undefined;
  world.world.clock.inMinutes(1.9, () => {
    // The deployment that had hung is now created.
    shifted = world.world.clock.now();
    world.fleet.function('us-east-1', 'api').setAlias('live', '2');
  });
  const outcome = await world.until('rollback', 'Wave2', BAD);
  expect(outcome).toMatchObject({ next: 'DONE', error: 'RolledBack' });
  expect(shifted).toBeDefined();
  expect(world.serving(...REGIONS)).toEqual({ 1: 1 });
});

test('is safe to repeat, with the same outcome', async () => {
  await inTheSecondWave();
  const first = await world.until('rollback', 'Wave2', BAD);
  const made = world.deployments('eu-west-1').length;
  expect(await world.call('rollback', 'Wave2', { ...BAD, reason: 'another reason' })).toEqual(first);
  expect(world.deployments('eu-west-1')).toHaveLength(made);
});

test('keeps the reason of the first call, also when a handler threw', async () => {
  await inTheSecondWave();
  const caught = { Error: 'TypeError', Cause: '{"errorMessage":"x is undefined"}' };
  expect(await world.until('rollback', 'Wave2', caught)).toMatchObject({
    reason: expect.stringContaining('TypeError: {"errorMessage":"x is undefined"}'),
  });
});

describe('waits, and goes on elsewhere, while', () => {
  const TROUBLES = [
    ['a region is away', { operation: undefined, kind: 'server-error' }],
    ['deployments cannot be created', { operation: 'CreateDeployment', kind: 'throttled' }],
    ['the answer of a creation is lost', { operation: 'CreateDeployment', kind: 'no-answer', effect: true }],
  ] as const;
  test.each(sample(TROUBLES, 1))('%s', async (_name, { operation, ...fault }) => {
    await inTheSecondWave();
    world.fail((call) => call.region === 'eu-west-1' && (!operation || call.operation === operation), fault);
    let outcome: Outcome = BAD;
    for (let minute = 0; minute < 20; minute++) {
      outcome = await world.call('rollback', 'Wave2', outcome);
      await world.world.clock.advance(0.5);
    }
    expect(outcome).toMatchObject({ next: expect.stringMatching(/WAIT|DONE/) });
    expect(world.serving('us-east-1')).toEqual({ 1: 1 });
    world.heal();
    expect(await world.until('rollback', 'Wave2', outcome)).toMatchObject({
      next: 'DONE',
      reason: expect.stringContaining(BAD.reason),
    });
    expect(world.serving(...REGIONS)).toEqual({ 1: 1 });
  });

  test('the ledger is away', async () => {
    await inTheSecondWave();
    world.fail(({ service }) => service === 'dynamodb', { kind: 'server-error' });
    const outcome = await world.call('rollback', 'Wave2', BAD);
    expect(outcome).toMatchObject({ next: 'WAIT', because: BAD.reason });
    world.heal();
    expect(await world.until('rollback', 'Wave2', outcome)).toMatchObject({ next: 'DONE' });
  });
});

test('a rollback that is not complete after four hours names the rest, and production stays held', async () => {
  await inTheSecondWave();
  world.fail(({ region }) => region === 'eu-west-1', { kind: 'denied' });
  const first = await world.call('rollback', 'Wave2', BAD);
  await world.world.clock.advance(240);
  const outcome = await world.call('rollback', 'Wave2', first);
  expect(outcome).toMatchObject({ next: 'REFUSED', error: 'RollbackIncomplete' });
  expect(outcome.reason).toContain('eu-west-1/api: AccessDenied');
  expect(outcome.reason).toContain(BAD.reason);
  expect(await world.ledger.holder()).toMatchObject({ state: 'HELD' });
}, 20_000);

describe('touches nothing', () => {
  const untouched = async (rollout: string, reason: string) => {
    const before = world.operations().length;
    expect(await world.call('rollback', rollout, BAD)).toEqual({
      next: 'REFUSED',
      error: 'Refused',
      reason: expect.stringContaining(reason),
    });
    expect(world.operations(before)).not.toContain('CreateDeployment');
    expect(world.operations(before)).not.toContain('StopDeployment');
  };

  test('for a release that does not hold production', async () => {
    await inTheSecondWave();
    const acquiredAt = world.world.clock.iso();
    await world.ledger.transferLock(await world.ledger.holder(), {
      executionId: 'e-2',
      commit: 'b',
      token: 2,
      acquiredAt,
      state: 'HELD',
    });
    await untouched('Wave2', 'no rollback, since release e-1 does not hold production: it is held by release e-2');
  });

  test('for a release of which nothing has shifted', async () => {
    await untouched('canary', 'nothing has shifted, so there is nothing to roll back');
  });

  test('for a release that is not in the ledger', async () => {
    await world.close();
    world = await ReleaseWorld.start();
    await untouched('canary', 'release e-1 is not in the ledger');
  });
});

describe('a rollback by order', () => {
  const ARN = 'arn:aws:states:us-west-2:111111111111:execution:orders-rollout:x';
  const NET = { executionId: RELEASE, state: 'STOPPED', because: 'requested by Ada' };
  const ask = async (outcome?: Outcome, order: object = NET) =>
    untold(
      (await world
        .load('rollback')
        .handler({ rollback: true, ...order, plan: world.plan, outcome: outcome && stored(outcome) })) as Outcome,
    );

  async function untilDone(outcome?: Outcome): Promise<Outcome> {
    let answer = await ask(outcome);
    while (answer.next === 'WAIT' || answer.next === 'STOP') {
      await world.world.clock.advance(0.5);
      answer = await ask(answer);
    }
    return answer;
  }

  test('has the execution of the rollout stopped before it touches anything', async () => {
    await inTheSecondWave();
    await world.ledger.recordMachine(RELEASE, ARN);
    const before = world.operations().length;
    const first = await ask();
    expect(first).toEqual({
      next: 'STOP',
      reason: `release ${RELEASE} is rolled back: requested by Ada`,
      because: 'requested by Ada',
      machine: ARN,
    });
    expect(new Set(world.operations(before))).toEqual(new Set(['GetItem', 'UpdateItem']));
    expect((await world.ledger.release(RELEASE))?.rollingBackSince).toBeDefined();
    expect(await untilDone(first)).toEqual({
      next: 'DONE',
      error: 'RolledBack',
      reason: 'rolled back to the revision before in eu-west-1, us-east-1: requested by Ada',
    });
    expect(world.serving(...REGIONS)).toEqual({ 1: 1 });
  });

  test('stops no machine that already rolls back', async () => {
    await inTheSecondWave();
    await world.ledger.recordMachine(RELEASE, ARN);
    await world.call('rollback', 'Wave2', BAD);
    expect(await ask()).toMatchObject({ next: 'WAIT' });
  });

  test('names the commit of the release in its deployments', async () => {
    await inTheSecondWave();
    await untilDone();
    expect(returns('eu-west-1')[0].description).toBe(`rollback of c0ffee123456 [${RELEASE}/on request/rollback]`);
  });

  test('waits until no handler of the rollout can start a deployment any more', async () => {
    await world.record('canary', 'STARTED');
    await world.call('start', 'canary');
    const began = world.world.clock.now();
    expect(await ask()).toMatchObject({ next: 'WAIT' });
    expect(await untilDone()).toMatchObject({ next: 'DONE' });
    expect(world.world.clock.now() - began).toBeGreaterThan(120_000);
  });

  test('of which nothing has shifted is over, and production is free', async () => {
    expect(await ask()).toEqual({
      next: 'NOTHING',
      reason: `release ${RELEASE} ended before anything of it had shifted: requested by Ada; production is free`,
      ended: 'ABANDONED',
    });
    expect(await world.ledger.holder()).toMatchObject({ state: 'FREE', ended: 'ABANDONED' });
    expect(await world.call('start', 'canary')).toMatchObject({ next: 'REFUSED' });
    expect(await ask()).toMatchObject({ next: 'NOTHING', reason: expect.stringContaining('has ended already') });
  });

  test('is refused at once when it names no release', async () => {
    expect(await ask(undefined, {})).toMatchObject({ next: 'REFUSED', error: 'Refused' });
  });
});

describe('a rollback by a person’s order', () => {
  const transition = (stage: string) => world.world.codepipeline.transition(PIPELINE_PLACE, PIPELINE_NAME, stage);
  const enabled = () => HELD_STAGES.map((stage) => transition(stage).enabled);
  const UNTIL = 'no release follows until: npx microservice-deployment-pipeline resume --service orders';
  const ask = async (outcome?: Outcome, executionId = RELEASE) =>
    untold(
      (await world.load('rollback').handler({
        rollback: true,
        executionId,
        by: 'Ada',
        because: 'orders are lost',
        plan: world.plan,
        outcome: outcome && stored(outcome),
      })) as Outcome,
    );

  async function untilDone(outcome?: Outcome, executionId = RELEASE): Promise<Outcome> {
    let answer = await ask(outcome, executionId);
    while (answer.next === 'WAIT' || answer.next === 'STOP') {
      await world.world.clock.advance(0.5);
      answer = await ask(answer, executionId);
    }
    return answer;
  }

  /** The release has gone all the way; the fleet serves its candidate. */
  async function completed(): Promise<void> {
    const before = { executionId: 'e-0', commit: 'beef', at: world.world.clock.iso() };
    await world.ledger.setStable({ ...before, revisions: {}, recent: [] }, 0);
    await inTheSecondWave();
    await world.world.clock.advance(60);
    await world.record('Wave2', 'PASSED');
    expect(await complete(world.ledger, RELEASE, ['Wave2'])).toMatchObject({ completed: true });
    expect(world.serving(...REGIONS)).toEqual({ 2: 1 });
  }

  test('holds the pipeline, also after its end', async () => {
    await inTheSecondWave();
    expect(await untilDone()).toEqual({
      next: 'DONE',
      error: 'RolledBack',
      reason: `rolled back to the revision before in eu-west-1, us-east-1: orders are lost; ${UNTIL}`,
    });
    expect(await world.ledger.personHold()).toMatchObject({ service: 'orders', by: 'Ada', reason: 'orders are lost' });
    expect(enabled()).toEqual([false, false]);
    expect(transition('Canary').reason).toBe(
      'held for Ada - orders are lost - until npx microservice-deployment-pipeline resume --service orders (microservice-deployment-pipeline)',
    );
  });

  test('holds it also when nothing has shifted, or the release has ended', async () => {
    expect(await ask()).toMatchObject({
      next: 'NOTHING',
      reason: expect.stringMatching(`production is free; ${UNTIL}$`),
    });
    expect(enabled()).toEqual([false, false]);
    await world.ledger.removeHold();
    expect(await ask()).toMatchObject({ next: 'NOTHING', reason: expect.stringContaining('has ended already') });
    expect(await world.ledger.personHold()).toMatchObject({ by: 'Ada' });
  });

  test('holds it before it looks at the release', async () => {
    world.fail(({ operation, input }) => operation === 'GetItem' && JSON.stringify(input).includes('release#'), {
      kind: 'denied',
    });
    expect(await ask()).toMatchObject({ next: 'WAIT' });
    expect(await world.ledger.personHold()).toMatchObject({ by: 'Ada' });
  });

  test('does not bring back a hold that has been ended meanwhile', async () => {
    await inTheSecondWave();
    const first = await ask();
    await world.ledger.removeHold();
    await untilDone(first);
    expect(await world.ledger.personHold()).toBeUndefined();
    expect(enabled()).toEqual([true, true]);
  });

  test('holds it also when transitions cannot be disabled', async () => {
    await inTheSecondWave();
    world.fail(({ operation }) => operation === 'DisableStageTransition', { kind: 'denied' });
    expect(await ask()).toMatchObject({ next: 'WAIT' });
    world.heal();
    expect(await untilDone()).toMatchObject({ error: 'RolledBack' });
    expect(enabled()).toEqual([false, false]);
  });

  test('returns traffic also while the hold cannot be written down, and holds the pipeline as soon as it can', async () => {
    await inTheSecondWave();
    world.fail(({ operation }) => operation === 'PutItem', { kind: 'denied' });
    const first = await ask();
    expect(first).toMatchObject({ next: 'WAIT', held: false });
    expect(world.operations()).toContain('StopDeployment');
    world.heal();
    expect((await untilDone(first)).reason).toContain(UNTIL);
    expect(await world.ledger.personHold()).toMatchObject({ by: 'Ada' });
  });

  describe('of a release that has ended', () => {
    beforeEach(async () => {
      await inTheSecondWave();
      await untilDone();
    });

    test('moves nothing when all is on stable', async () => {
      const before = world.world.calls.length;
      expect(await ask()).toMatchObject({ next: 'NOTHING', reason: expect.stringContaining('has ended already') });
      expect(world.operations(before)).not.toContain('CreateDeployment');
    });

    test('returns a target that has left its stable version since', async () => {
      world.fleet.function('us-east-1', 'api').setAlias('live', '2');
      expect(await ask()).toMatchObject({
        next: 'WAIT',
        reason: expect.stringContaining('us-east-1/api serves version 2 instead of version 1'),
      });
      expect(await untilDone()).toMatchObject({ next: 'DONE', error: 'RolledBack' });
      expect(world.serving(...REGIONS)).toEqual({ 1: 1 });
    });

    test.each([
      ['a later one has acquired production', true],
      ['the pipeline cannot be held', false],
    ])('touches nothing when %s', async (_name, isTaken) => {
      await world.ledger.removeHold();
      world.fleet.function('us-east-1', 'api').setAlias('live', '2');
      const holder = await world.ledger.holder();
      const acquiredAt = world.world.clock.iso();
      const next = { executionId: 'e-2', commit: 'b', token: 2, acquiredAt, state: 'HELD' } as const;
      if (isTaken) await world.ledger.transferLock(holder, next);
      else world.fail(({ operation }) => operation === 'PutItem', { kind: 'denied' });
      expect(await ask()).toMatchObject({ next: 'NOTHING', reason: expect.stringContaining('has ended already') });
      expect(world.serving('us-east-1')).toEqual(['{"2":1}', '{"1":1}']);
    });
  });

  describe('after the release has completed', () => {
    test('goes on after a crash before the rollback held production, also when it is named itself', async () => {
      await completed();
      world.fail(({ operation, input }) => operation === 'UpdateItem' && JSON.stringify(input).includes('"token"'), {
        kind: 'denied',
      });
      expect(await ask()).toMatchObject({ next: 'WAIT' });
      world.heal();
      expect(await world.ledger.release(`${RELEASE}-returned`)).toMatchObject({ token: undefined });
      expect(await untilDone(undefined, `${RELEASE}-returned`)).toMatchObject({ next: 'DONE', error: 'RolledBack' });
      expect(world.serving(...REGIONS)).toEqual({ 1: 1 });
    });

    test('returns to the release before', async () => {
      await completed();
      expect(await untilDone()).toEqual({
        next: 'DONE',
        error: 'RolledBack',
        reason: `rolled back to commit beef in eu-west-1, us-east-1: orders are lost; ${UNTIL}`,
      });
      expect(world.serving(...REGIONS)).toEqual({ 1: 1 });
      expect(await world.ledger.holder()).toMatchObject({
        executionId: `${RELEASE}-returned`,
        token: 2,
        state: 'FREE',
        ended: 'ROLLED_BACK',
      });
      expect(await world.ledger.stable()).toMatchObject({
        executionId: 'e-0',
        commit: 'beef',
        revisions: { 'eu-west-1': { api: { revision: version('1') }, worker: { revision: version('1') } } },
      });
      expect((await world.ledger.release(RELEASE))?.ended).toBe('COMPLETED');
    });

    test('does so once', async () => {
      await completed();
      await untilDone();
      const before = world.world.calls.length;
      expect(await ask()).toMatchObject({
        next: 'NOTHING',
        reason: expect.stringContaining(`release ${RELEASE} has been rolled back already: rolled back to commit beef`),
      });
      expect(world.operations(before)).not.toContain('CreateDeployment');
    });

    test.each(sample(['PutItem', 'UpdateItem', 'CreateDeployment', 'GetItem'], 1))(
      'goes on after a crash at any %s',
      async (operation) => {
        await completed();
        for (let nth = 1, calls = nth; calls >= nth; nth++) {
          calls = 0;
          world.world.faults = (call) =>
            call.operation === operation && ++calls === nth ? { kind: 'no-answer', effect: true } : undefined;
          await ask().catch(() => undefined);
          world.heal();
          await world.world.clock.advance(2);
        }
        await untilDone();
        expect(world.serving(...REGIONS)).toEqual({ 1: 1 });
        expect(await world.ledger.holder()).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
        expect(await world.ledger.stable()).toMatchObject({ executionId: 'e-0' });
      },
    );

    test('goes on when it acquired production and only the answer was lost', async () => {
      await completed();
      let lost = 0;
      world.world.faults = ({ operation, input }) =>
        operation === 'PutItem' && (input.Item as { pk: { S: string } }).pk.S === 'holder' && ++lost === 1
          ? { kind: 'no-answer', effect: true }
          : undefined;
      expect(await ask()).toMatchObject({ next: 'WAIT' });
      expect(await world.ledger.holder()).toMatchObject({ executionId: 'e-1-returned', state: 'HELD' });
      await untilDone();
      expect(world.serving(...REGIONS)).toEqual({ 1: 1 });
      expect(await world.ledger.holder()).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
    });

    test('touches nothing when another release has completed since, or holds production', async () => {
      await completed();
      const holder = await world.ledger.holder();
      const next = { executionId: 'e-2', commit: 'f00d', acquiredAt: world.world.clock.iso(), token: 2 };
      await world.ledger.transferLock(holder, { ...next, state: 'HELD' });
      expect(await ask()).toMatchObject({
        next: 'NOTHING',
        reason: expect.stringContaining(
          'release e-2 (commit f00d) has acquired production since: roll that one back first',
        ),
      });
      await world.ledger.setStable(
        { executionId: 'e-2', commit: 'f00d', at: next.acquiredAt, revisions: {}, recent: [] },
        2,
      );
      expect(await ask()).toMatchObject({
        reason: expect.stringContaining('is not the last stable one: that is release e-2 (commit f00d)'),
      });
      expect(world.serving(...REGIONS)).toEqual({ 2: 1 });
    });

    test('touches nothing when a version to return to does not exist any more', async () => {
      await completed();
      world.fleet.function('us-east-1', 'api').versions.delete('1');
      expect(await untilDone()).toEqual({
        next: 'REFUSED',
        error: 'Refused',
        reason: `nothing was touched, since not all can return: us-east-1/api cannot return: its version 1 does not exist any more; orders are lost; ${UNTIL}`,
      });
      expect(world.serving(...REGIONS)).toEqual({ 2: 1 });
      expect(await world.ledger.holder()).toMatchObject({ executionId: RELEASE, state: 'FREE' });
    });

    test('the safety net does not', async () => {
      await completed();
      const order = { rollback: true, executionId: RELEASE, state: 'STOPPED', because: 'x', plan: world.plan };
      expect(await world.load('rollback').handler(order)).toMatchObject({ next: 'NOTHING' });
      expect(await world.ledger.personHold()).toBeUndefined();
    });
  });
});

test('a version that is gone ends the rollback, incomplete, when all others have returned', async () => {
  await inTheSecondWave();
  world.fleet.function('eu-west-1', 'api').versions.delete('1');
  expect(await world.until('rollback', 'Wave2', BAD)).toMatchObject({
    next: 'REFUSED',
    error: 'RollbackIncomplete',
    reason: expect.stringMatching(
      /production stays held: eu-west-1\/api cannot return: its version 1 does not exist any more; Wave1/,
    ),
  });
  expect(world.serving('us-east-1')).toEqual({ 1: 1 });
});

describe('staging', () => {
  const SICK: Outcome = { next: 'ROLLBACK', reason: 'staging: errors' };

  test('is returned alone, whoever holds production, and may be repeated', async () => {
    await world.until('start', 'staging');
    await world.world.clock.advance(5);
    expect(world.serving('staging')).toEqual({ 2: 1 });
    expect(await world.until('rollback', 'staging', SICK)).toMatchObject({ next: 'DONE', error: 'RolledBack' });
    expect(world.serving('staging')).toEqual({ 1: 1 });
    expect(await world.ledger.holder()).toMatchObject({ state: 'HELD' });
    expect(await world.rollouts()).toMatchObject({ staging: { state: 'ROLLED_BACK' } });
    expect(world.deployments('eu-west-1')).toEqual([]);
    expect(await world.until('start', 'staging')).toMatchObject({ next: 'WATCH' });
  });

  test('of a newer release is left alone', async () => {
    await world.until('start', 'staging');
    await world.world.clock.advance(5);
    for (const key of ['api', 'worker']) {
      world.fleet.publish('staging', key, 'newer code');
      world.fleet.function('staging', key).setAlias('live', '3');
    }
    expect(await world.until('rollback', 'staging', SICK)).toMatchObject({
      next: 'DONE',
      reason: expect.stringContaining('left as it is: staging/api: it serves version 3'),
    });
    expect(world.serving('staging')).toEqual({ 3: 1 });
  });
});

describe('a ledger that fails', () => {
  const ofLedger = ({ service, operation }: { service: string; operation: string }, wanted: string) =>
    service === 'dynamodb' && operation === wanted;

  test('keeps no traffic from returning when it cannot be written; the release ends when it can', async () => {
    await inTheSecondWave();
    world.fail((call) => ofLedger(call, 'UpdateItem'), { kind: 'denied' });
    let answer = await world.call('rollback', 'Wave2', BAD);
    for (let rounds = 0; rounds < 12; rounds++) {
      await world.world.clock.advance(0.5);
      answer = await world.call('rollback', 'Wave2', answer);
    }
    expect(world.serving(...REGIONS)).toEqual({ 1: 1 });
    expect(answer).toMatchObject({
      next: 'WAIT',
      reason: expect.stringMatching(/the ledger could not be updated: Access/),
    });
    world.heal();
    expect(await world.until('rollback', 'Wave2', answer)).toMatchObject({ next: 'DONE', error: 'RolledBack' });
    expect(await world.ledger.holder()).toMatchObject({ state: 'FREE' });
  });

  test('and cannot be written when a person orders a rollback: the running machine is stopped once', async () => {
    await inTheSecondWave();
    await world.ledger.recordMachine(RELEASE, 'arn:x');
    world.fail((call) => ofLedger(call, 'UpdateItem'), { kind: 'denied' });
    const { handler } = world.load('rollback');
    const asked = (outcome?: unknown) => ({
      rollback: true,
      executionId: RELEASE,
      state: 'STOPPING',
      plan: world.plan,
      outcome,
    });
    const first = await handler(asked());
    expect(first).toMatchObject({ next: 'STOP', machine: 'arn:x' });
    const second = await handler(asked(first));
    expect(second).toMatchObject({ next: 'WAIT' });
    expect(await handler(asked(second))).toMatchObject({ next: 'WAIT' });
  });

  test('and does not answer for the whole patience: every target that may be left is named', async () => {
    await inTheSecondWave();
    world.fail((call) => ofLedger(call, 'GetItem'), { kind: 'denied' });
    expect(await world.until('rollback', 'Wave2', BAD)).toMatchObject({
      error: 'RollbackIncomplete',
      reason: expect.stringMatching(
        /it is therefore unknown what eu-west-1\/api, eu-west-1\/worker, us-east-1\/api, us-east-1\/worker serve/,
      ),
    });
  });

  test('and gives an empty answer is read again: an empty answer is not a missing release', async () => {
    await inTheSecondWave();
    world.fail((call) => ofLedger(call, 'GetItem'), { kind: 'garbled', body: '{}' });
    const answer = await world.call('rollback', 'Wave2', BAD);
    expect(answer).toMatchObject({
      next: 'WAIT',
      reason: expect.stringContaining('an empty answer about release#e-1'),
    });
  });
});
