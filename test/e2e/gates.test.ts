import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GateLedger } from '../../lib/gate/gate-ledger';
import { Ledger } from '../../lib/ledger/ledger';
import { slow } from '../helpers/sample';
import { BREAK_GLASS, FREEZE, LEAD, metricOf, NO_LEAD, OBJECTIVE, WINDOW_MINUTES } from './local-gate';
import { type ActionResult, LocalPipeline, type LocalPipelineOptions, TABLE } from './local-pipeline';
import { LocalNet, pipelineIs, stageIs } from './net';
import { PIPELINE, planByHand, REGIONS } from './plan';

jest.setTimeout(180_000);

const CANARY_ALARM = 'orders-production-http-canary-errors';
const WAVE_ALARM = 'orders-production-http-wave-errors';
const MINUTE_MS = 60_000;

/** Requests a minute that fail in an outage: all of them. */
const ALL = 600;

let pipeline: LocalPipeline;
let ledger: Ledger;
let gates: GateLedger;
afterEach(() => pipeline.close());

async function start(options: Partial<LocalPipelineOptions> = {}): Promise<void> {
  pipeline = await LocalPipeline.start({ plan: planByHand(), ...options });
  const client = new DynamoDBClient(pipeline.world.client(PIPELINE));
  ledger = new Ledger(client, TABLE);
  gates = new GateLedger(client, TABLE);
}

const last = (results: readonly ActionResult[] = []): ActionResult => results[results.length - 1];
const failures = (results: readonly ActionResult[] = []) => results.filter(({ failed }) => failed);
const fleet = () => new Set(Object.values(pipeline.fleet.fleet('PRODUCTION')).map((shares) => JSON.stringify(shares)));
const enabled = () => ['UpdatePipeline', 'Canary'].map((stage) => pipeline.transition(stage).enabled);
const retried = () => pipeline.world.codepipeline.retried;
const published = () =>
  pipeline.world.calls.filter(({ operation, account }) => operation === 'PublishVersion' && account !== '333333333333');

function freeze(until?: string): void {
  pipeline.world.ssm.put(PIPELINE, FREEZE, JSON.stringify({ reason: 'payment outage', by: 'Ada', until }));
}

const thaw = (): void => pipeline.world.ssm.delete(PIPELINE, FREEZE);

/** Re-checks the gate, as its schedule or a changed parameter does, and runs what it retries. */
async function recheck() {
  await pipeline.recheckBlocked();
  return pipeline.goOn();
}

/** Fails all requests to a region for so many minutes until now. */
function outage(region: string, minutes: number): void {
  const to = pipeline.clock.now();
  const from = to - minutes * MINUTE_MS;
  for (const key of ['http', 'queue']) {
    const errors = metricOf(pipeline.fleet, region, key, 'Errors');
    pipeline.world.cloudwatch.metrics.rate(pipeline.fleet.plan.environments[region], errors, (at) =>
      at >= from && at < to ? ALL : undefined,
    );
  }
}

/** Completes a release, so that production has served a stable revision. */
const before = async (): Promise<void> => expect(failures(await pipeline.release('e-0'))).toEqual([]);

describe('a release that is blocked at Canary', () => {
  beforeEach(() => start());

  test('acquires nothing, publishes nothing, and leaves the way free for newer ones', async () => {
    freeze();
    const blocked = last(await pipeline.release('e-1'));
    expect(blocked).toMatchObject({ action: 'gate canary', failed: true });
    expect(blocked.message).toContain('FAIL freeze: frozen by Ada');
    expect((await pipeline.ledger()).holder).toBeUndefined();
    expect(published()).toEqual([]);
    expect(enabled()).toEqual([true, true]);
    thaw();
    expect(failures(await pipeline.release('e-2'))).toEqual([]);
    expect(fleet()).toEqual(new Set(['{"2":1}']));
  });

  slow('leaves the release under way alone, and is retried when that one has ended', async () => {
    await pipeline.release('e-1', { to: 'gate production' });
    for (const stage of ['UpdatePipeline', 'Canary']) pipeline.transition(stage).enabled = true;
    freeze();
    const held = (await pipeline.ledger()).all;
    expect(last(await pipeline.release('e-2'))).toMatchObject({ action: 'gate canary', failed: true });
    const { holder, releases } = await pipeline.ledger();
    expect([holder, releases['e-1']]).toEqual([held.holder, held['release#e-1']]);
    thaw();
    expect(await recheck()).toEqual({});

    expect(failures(await pipeline.release('e-1', { from: 'Wave1' }))).toEqual([]);
    expect(retried()).toEqual([{ stage: 'Canary', executionId: 'e-2' }]);
    expect(failures((await pipeline.goOn())['e-2'])).toEqual([]);
    expect((await pipeline.ledger()).stable).toMatchObject({ executionId: 'e-2' });
  });

  test('is reported once, however often it is retried', async () => {
    freeze();
    await pipeline.release('e-1');
    expect(failures(await pipeline.release('e-1', { from: 'gate canary' }))).toHaveLength(1);
    expect(pipeline.notices).toEqual(['gate of Canary blocks']);
    expect(pipeline.world.sns.published[0].texts.default).toContain('payment outage');
  });

  test('is retried by itself when the freeze is lifted, and ends its block', async () => {
    freeze();
    await pipeline.release('e-1');
    expect(await recheck()).toEqual({});
    thaw();
    const { 'e-1': went } = await recheck();
    expect(failures(went)).toEqual([]);
    expect(went[0].action).toBe('gate canary');
    expect(await gates.blocked('Canary')).toMatchObject({ state: 'OVER', executionId: 'e-1' });
    expect(await recheck()).toEqual({});
  });

  slow('is retried only if it is the newest of several', async () => {
    freeze();
    for (const id of ['e-1', 'e-2', 'e-3']) await pipeline.release(id);
    thaw();
    expect(Object.keys(await recheck())).toEqual(['e-3']);
    expect(await recheck()).toEqual({});
    expect((await pipeline.ledger()).stable).toMatchObject({ executionId: 'e-3' });
  });

  test('is not retried while a person holds the pipeline by command', async () => {
    freeze();
    await pipeline.release('e-1');
    thaw();
    await ledger.placeHold({ service: 'orders', by: 'Ada', reason: 'fair', at: pipeline.clock.iso() });
    expect(await recheck()).toEqual({});
    expect(retried()).toEqual([]);
    await ledger.removeHold();
    expect(failures((await recheck())['e-1'])).toEqual([]);
  });

  slow('is not retried while a person has disabled its transition', async () => {
    freeze();
    await pipeline.release('e-1');
    thaw();
    Object.assign(pipeline.transition('Canary'), { enabled: false, reason: 'frozen until Monday' });
    expect(await recheck()).toEqual({});
    expect(retried()).toEqual([]);
    Object.assign(pipeline.transition('Canary'), { enabled: true, reason: undefined });
    expect(Object.keys(await recheck())).toEqual(['e-1']);
  });
});

describe('a blocked release', () => {
  beforeEach(() => start());

  slow('without a block in the ledger, which could not be written, is retried all the same', async () => {
    pipeline.world.faults = ({ operation, caller }) =>
      operation === 'PutItem' && caller === 'gate' ? { kind: 'throttled' } : undefined;
    freeze();
    await pipeline.release('e-1');
    expect(await gates.blocked('Canary')).toBeUndefined();
    pipeline.world.faults = () => undefined;
    thaw();
    await pipeline.clock.advance(10);
    expect(failures((await recheck())['e-1'])).toEqual([]);
  });

  test('without any answer of the gate is retried, too', async () => {
    const { gate } = pipeline.handlers;
    Object.assign(pipeline.handlers, { gate: { ...gate, handler: () => Promise.reject(new Error('out of memory')) } });
    expect(last(await pipeline.release('e-1'))).toMatchObject({ action: 'gate canary', failed: true });
    Object.assign(pipeline.handlers, { gate });
    await pipeline.clock.advance(10);
    expect(failures((await recheck())['e-1'])).toEqual([]);
  });
});

test('a release that fails after its gate has passed is not retried, even if the ledger could not record the end of its block', async () => {
  await start();
  freeze();
  await pipeline.release('e-1');
  thaw();
  pipeline.world.faults = ({ operation, caller }) =>
    (operation === 'UpdateItem' && caller === 'gate') || operation === 'PublishVersion'
      ? { kind: 'denied' }
      : undefined;
  expect(last((await recheck())['e-1'])).toMatchObject({ action: 'publish production', failed: true });
  expect(await gates.blocked('Canary')).toMatchObject({ state: 'BLOCKED' });
  await pipeline.clock.advance(10);
  expect(await recheck()).toEqual({});
  expect(retried()).toHaveLength(1);
});

describe('the error budget', () => {
  beforeEach(async () => {
    await start();
    await before();
  });

  test('blocks when it is spent, with both numbers and the end, and then the release is retried by itself', async () => {
    outage('eu-west-1', 12);
    const ended = pipeline.clock.now();
    const { message } = last(await pipeline.release('e-1'));
    // Twelve minutes of a third of the traffic fail.
    expect(message).toMatch(
      /FAIL availability 99\.9: 4\.0 min down within 1 day > 1\.44 min allowed.*until Tue 2026-03-03 /,
    );
    const { until = '' } = (await gates.blocked('Canary')) ?? {};
    // The first eight of them have left the window.
    expect((Date.parse(until) - ended) / MINUTE_MS).toBeCloseTo(WINDOW_MINUTES - 4.3, -1);

    await pipeline.clock.advanceTo(Date.parse(until) - 10 * MINUTE_MS);
    expect(await recheck()).toEqual({});
    await pipeline.clock.advanceTo(Date.parse(until) + 10 * MINUTE_MS);
    expect(failures((await recheck())['e-1'])).toEqual([]);
    expect(fleet()).toEqual(new Set(['{"3":1}']));
  });

  slow('passes with a warning when little of it is left', async () => {
    outage('eu-west-1', 4);
    expect(failures(await pipeline.release('e-1', { to: 'gate canary' }))).toEqual([]);
    expect(pipeline.notices.slice(-1)).toEqual(['warned']);
    expect(pipeline.world.sns.published.at(-1)?.texts.default).toMatch(/7\.\d % of the budget left < 25 %/);
  });

  test('is INCONCLUSIVE and blocks where a region is silent', async () => {
    const place = pipeline.fleet.plan.environments['eu-west-1'];
    const silent = pipeline.clock.now() - 90 * MINUTE_MS;
    for (const key of ['http', 'queue']) {
      const requests = metricOf(pipeline.fleet, 'eu-west-1', key, 'Invocations');
      pipeline.world.cloudwatch.metrics.rate(place, requests, (at) => (at < silent ? ALL : undefined));
    }
    const { action, message } = last(await pipeline.release('e-1'));
    expect(action).toBe('gate canary');
    expect(message).toMatch(/ERROR availability 99\.9: eu-west-1 has had no data since .* min > 60 min/);
  });

  slow(
    'is an ERROR and blocks where a region does not answer, and the other regions are read all the same',
    async () => {
      pipeline.world.faults = ({ operation, region }) =>
        operation === 'GetMetricData' && region === 'eu-west-1' ? { kind: 'no-answer', effect: false } : undefined;
      const { action, message } = last(await pipeline.release('e-1'));
      expect(action).toBe('gate canary');
      expect(message).toContain(`ERROR availability ${OBJECTIVE}: eu-west-1 could not be read`);
      pipeline.world.faults = () => undefined;
      expect(failures((await recheck())['e-1'])).toEqual([]);
    },
  );
});

test('the gate passes the first release of a service, and reports the reason', async () => {
  await start({ released: false });
  const results = await pipeline.release('e-1');
  expect(failures(results)).toEqual([]);
  const [canary] = results.filter(({ action }) => action === 'gate canary');
  expect(canary.message).toContain(`PASS availability ${OBJECTIVE}: the service has never served a stable revision`);
  expect(canary.message).toContain(`has never served: ${REGIONS.join(', ')}`);
});

describe('a release that is blocked at Production', () => {
  beforeEach(async () => {
    await start();
    await pipeline.release('e-1', { to: 'canary' });
    freeze();
    expect(last(await pipeline.release('e-1', { from: 'gate production' }))).toMatchObject({
      action: 'gate production',
      failed: true,
      message: expect.stringContaining('must not enter Production now'),
    });
  });

  test('stays on stable in every region after the safety net’s events, and leaves the way free for newer ones', async () => {
    const net = new LocalNet();
    await net.on(pipeline, stageIs('e-1', 'Production', 'FAILED'), pipelineIs('e-1', 'FAILED'));
    expect(fleet()).toEqual(new Set(['{"1":1}']));
    expect((await pipeline.ledger()).holder).toMatchObject({ executionId: 'e-1', state: 'HELD' });
    expect(enabled()).toEqual([true, true]);
  });

  test('is retried by itself, holds again, and completes', async () => {
    thaw();
    await pipeline.recheckBlocked();
    const seen = new Set<string>();
    pipeline.onState = () => {
      seen.add(enabled().join());
      return undefined;
    };
    const { 'e-1': went } = await pipeline.goOn();
    expect(went.map(({ action }) => action)).toEqual(['gate production', 'Wave1', 'Wave2', 'Wave3', 'complete']);
    expect(failures(went)).toEqual([]);
    expect([...seen]).toEqual(['false,false']);
    expect(fleet()).toEqual(new Set(['{"2":1}']));
    expect(pipeline.notices).toEqual(expect.arrayContaining(['gate of Production blocks', 'completed']));
  });

  slow('is skipped for a newer one that starts when the freeze is over', async () => {
    thaw();
    expect(failures(await pipeline.release('e-2'))).toEqual([]);
    expect((await pipeline.ledger()).releases).toMatchObject({
      'e-1': { ended: 'ABANDONED' },
      'e-2': { ended: 'COMPLETED' },
    });
    expect(await recheck()).toEqual({});
    expect(retried()).toEqual([]);
  });

  slow('is skipped for a newer one that was blocked as well', async () => {
    await pipeline.release('e-2');
    thaw();
    expect(Object.keys(await recheck())).toEqual(['e-2']);
    expect((await pipeline.ledger()).releases).toMatchObject({
      'e-1': { ended: 'ABANDONED' },
      'e-2': { ended: 'COMPLETED' },
    });
    expect(await recheck()).toEqual({});
  });

  slow('is not retried after a person has rolled it back', async () => {
    await pipeline.rollback({ rollback: true, executionId: 'e-1', by: 'Ada', because: 'not wanted' });
    await ledger.removeHold();
    thaw();
    expect(await recheck()).toEqual({});
    expect(await gates.blocked('Production')).toMatchObject({ state: 'OVER' });
    expect(fleet()).toEqual(new Set(['{"1":1}']));
  });
});

describe('broken glass', () => {
  beforeEach(async () => {
    await start();
    freeze();
    await pipeline.release('e-1');
  });

  /** Minutes from its writing. */
  function breakGlass(change: object = {}, by = LEAD): void {
    const until = new Date(pipeline.clock.now() + 180 * MINUTE_MS).toISOString();
    const glass = { schema: 1, incident: 'INC-1', reason: 'checkout is down', by: 'Jo', until, executionId: 'e-1' };
    pipeline.world.ssm.put(PIPELINE, BREAK_GLASS, JSON.stringify({ ...glass, ...change }), by);
  }

  const records = async () =>
    Object.entries((await pipeline.ledger()).all).flatMap(([key, item]) =>
      key.startsWith('break-glass#') ? Object.values(item.records as object) : [],
    );

  test('lets its release through both gates, with a shorter canary, and leaves a record of each', async () => {
    breakGlass({ trafficCycleMinutes: 6 });
    const { 'e-1': went } = await recheck();
    expect(failures(went)).toEqual([]);
    expect(went[0].message).toContain('Jo has broken the glass for INC-1, checkout is down');
    expect(await records()).toMatchObject([
      { stage: 'Canary', executionId: 'e-1', incident: 'INC-1', by: 'Jo', session: LEAD, trafficCycleMinutes: 6 },
      { stage: 'Production', overridden: [{ check: 'freeze', verdict: 'FAIL' }] },
    ]);
    expect(pipeline.notices).toEqual(
      expect.arrayContaining(['gate of Canary overridden', 'gate of Production overridden', 'completed']),
    );
    expect(fleet()).toEqual(new Set(['{"2":1}']));
  });

  test.each([
    [{ trafficCycleMinutes: 6 }, 6],
    [{}, 20],
  ])('shortens the canary to its minutes: %j', async (change, minutes) => {
    breakGlass(change);
    await pipeline.release('e-1', { from: 'gate canary', to: 'publish production' });
    const from = pipeline.clock.now();
    expect((await pipeline.runAction('canary', 'e-1')).failed).toBe(false);
    const lasted = (pipeline.clock.now() - from) / MINUTE_MS;
    expect(lasted).toBeGreaterThanOrEqual(minutes);
    expect(lasted).toBeLessThan(minutes + 10);
  });

  test('opens each gate once', async () => {
    breakGlass();
    expect((await pipeline.runAction('gate canary', 'e-1')).failed).toBe(false);
    const again = await pipeline.runAction('gate canary', 'e-1');
    expect(again).toMatchObject({ failed: true, message: expect.stringContaining('opens it once') });
    expect(await records()).toHaveLength(1);
  });

  test('is used although the answer to its record was lost', async () => {
    breakGlass();
    let lost = false;
    pipeline.world.faults = ({ operation, input }) => {
      if (lost || operation !== 'PutItem' || !JSON.stringify(input).includes('break-glass#')) return undefined;
      lost = true;
      return { kind: 'no-answer', effect: true };
    };
    expect((await pipeline.runAction('gate canary', 'e-1')).failed).toBe(false);
    expect([lost, (await records()).length]).toEqual([true, 1]);
  });

  test('overrides for its release alone', async () => {
    breakGlass();
    const other = last(await pipeline.release('e-2'));
    expect(other).toMatchObject({ action: 'gate canary', failed: true });
    expect(other.message).toContain('it is for the release e-1, but this is e-2');
  });

  test('counts only if the role has written it, and starts no retry otherwise', async () => {
    breakGlass({}, NO_LEAD);
    expect(await recheck()).toEqual({});
    const { failed, message } = await pipeline.runAction('gate canary', 'e-1');
    expect([failed, message]).toEqual([
      true,
      expect.stringContaining('only the role incident-lead may break the glass'),
    ]);
    expect(await records()).toEqual([]);
  });

  test('disables neither alarms nor rollback', async () => {
    breakGlass({ trafficCycleMinutes: 10 });
    await pipeline.release('e-1', { from: 'gate canary', to: 'publish production' });
    pipeline.clock.inMinutes(6, () => pipeline.fleet.alarm('eu-west-1', CANARY_ALARM, 'ALARM', 'errors 9 % > 5 %'));
    const { message } = last(await pipeline.release('e-1', { from: 'canary' }));
    expect(message).toMatch(/^RolledBack: .*errors 9 % > 5 %/);
    expect(fleet()).toEqual(new Set(['{"1":1}']));
  });
});

describe('a rollback', () => {
  const ORDER = { rollback: true, executionId: 'e-1', by: 'Ada', because: 'orders are lost' };

  test('of a wave that turns bad passes no gate', async () => {
    await start();
    await pipeline.release('e-1', { to: 'Wave1' });
    freeze();
    pipeline.clock.inMinutes(3, () => pipeline.fleet.alarm('eu-west-1', WAVE_ALARM, 'ALARM', 'errors 9 % > 5 %'));
    expect(last(await pipeline.release('e-1', { from: 'Wave2' })).message).toMatch(/^RolledBack/);
    expect(fleet()).toEqual(new Set(['{"1":1}']));
  });

  slow('of a release that has completed passes none, also when the budget is spent', async () => {
    await start();
    await before();
    await pipeline.release('e-1');
    await pipeline.clock.advance(60);
    outage('eu-west-1', 30);
    freeze();
    expect(await pipeline.rollback(ORDER)).toMatchObject({ error: 'RolledBack' });
    expect(fleet()).toEqual(new Set(['{"2":1}']));
  });
});
