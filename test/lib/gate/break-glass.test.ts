import type { StoredParameter } from '../../../lib/aws/facts';
import { type BreakGlassFacts, decideBreakGlass, writingOf } from '../../../lib/gate/break-glass';
import type { UsedBreakGlass } from '../../../lib/gate/items';

/** The writing of the parameter in these tests. */
const WRITING = '2026-11-20T11:00:00.000Z#3';
const NAME = '/deployment-pipeline/orders/break-glass';
const SESSION = 'arn:aws:sts::111111111111:assumed-role/incident-lead/jo@example.com';
const VALUE = {
  schema: 1,
  incident: 'INC-7',
  reason: 'checkout is down',
  by: 'Jo Doe',
  until: '2026-11-20T14:00:00Z',
  executionId: 'e-1',
};
const used = (over: Partial<UsedBreakGlass> = {}): UsedBreakGlass => ({
  version: 3,
  executionId: 'e-1',
  stages: { Canary: 'job-1' },
  ...over,
});

const decide = (value: unknown, facts: Partial<BreakGlassFacts> = {}, parameter: Partial<StoredParameter> = {}) =>
  decideBreakGlass({
    config: { parameter: NAME, roleName: 'incident-lead', trafficCycleMinutes: 30, ownTrafficCycleMinutes: 1_440 },
    parameter: {
      value: typeof value === 'string' ? value : JSON.stringify(value),
      version: 3,
      modifiedAt: '2026-11-20T11:00:00.000Z',
      modifiedBy: SESSION,
      ...parameter,
    },
    executionId: 'e-1',
    stage: 'Canary',
    jobId: 'job-1',
    now: Date.parse('2026-11-20T12:00:00Z'),
    used: undefined,
    blocking: [{ check: 'freeze', verdict: 'FAIL', reason: 'frozen by Ann', until: '2026-11-21T00:00:00.000Z' }],
    ...facts,
  });
const refusedOf = (decision: ReturnType<typeof decide>) => ('refused' in decision ? decision.refused : undefined);
const reasonOf = (decision: ReturnType<typeof decide>) => refusedOf(decision)?.reason;

describe('broken glass', () => {
  test('leaves a record of who, why, and what it overrides', () => {
    expect(decide(VALUE)).toEqual({
      use: true,
      record: {
        version: 3,
        executionId: 'e-1',
        stage: 'Canary',
        jobId: 'job-1',
        incident: 'INC-7',
        reason: 'checkout is down',
        by: 'Jo Doe',
        session: SESSION,
        until: '2026-11-20T14:00:00.000Z',
        usedAt: '2026-11-20T12:00:00.000Z',
        overridden: [{ check: 'freeze', verdict: 'FAIL', reason: 'frozen by Ann' }],
      },
    });
  });

  test('may shorten the traffic cycle, down to the emergency minimum', () => {
    for (const trafficCycleMinutes of [30, 31, 1_440]) {
      expect(decide({ ...VALUE, trafficCycleMinutes })).toMatchObject({ use: true, record: { trafficCycleMinutes } });
    }
  });

  test('opens the gate of Production, too', () => {
    expect(decide(VALUE, { stage: 'Production', jobId: 'job-2', used: used() })).toMatchObject({
      use: true,
      record: { stage: 'Production', jobId: 'job-2' },
    });
  });

  test('may last for four hours, to the second', () => {
    expect(decide({ ...VALUE, until: '2026-11-20T15:00:00Z' })).toMatchObject({ use: true });
  });

  test('passes again for the same job whose answer was lost, also after its end', () => {
    expect(decide(VALUE, { used: used() })).toMatchObject({ use: true });
    const late = { used: used(), now: Date.parse('2026-11-20T14:30:00Z') };
    expect(decide(VALUE, late)).toMatchObject({ use: true });
  });

  test('may be written in any partition', () => {
    const modifiedBy = 'arn:aws-us-gov:sts::111111111111:assumed-role/incident-lead/jo';
    expect(decide(VALUE, {}, { modifiedBy })).toMatchObject({ use: true });
  });
});

describe('nothing is broken, and nothing is reported,', () => {
  test('without a parameter', () => {
    expect(decide(VALUE, { parameter: undefined })).toEqual({ use: false });
  });

  test('where nothing blocks', () => {
    expect(decide(VALUE, { blocking: [] })).toEqual({ use: false });
    expect(decide({ ...VALUE, trafficCycleMinutes: 60 }, { blocking: [], stage: 'Production' })).toEqual({
      use: false,
    });
  });
});

test('where nothing blocks, it still shortens the traffic cycle of the canary', () => {
  expect(decide({ ...VALUE, trafficCycleMinutes: 60 }, { blocking: [] })).toMatchObject({
    use: true,
    record: { overridden: [], trafficCycleMinutes: 60 },
  });
});

describe('refused', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', 'let me in', `parameter ${NAME} must be JSON, but is "let me in"`],
    ['a list', [VALUE], `parameter ${NAME} must be an object`],
    ['no schema', { ...VALUE, schema: undefined }, `"schema" of parameter ${NAME} must be 1, but is missing`],
    ['another schema', { ...VALUE, schema: 2 }, 'must be 1, but is 2'],
    ['no incident', { ...VALUE, incident: '' }, `"incident" of parameter ${NAME} must be a text that is not empty`],
    ['no reason', { ...VALUE, reason: ' ' }, '"reason" of parameter'],
    ['nobody', { ...VALUE, by: undefined }, '"by" of parameter'],
    ['no release', { ...VALUE, executionId: '' }, '"executionId" of parameter'],
    ['no end', { ...VALUE, until: undefined }, '"until" of parameter'],
    ['words as its end', { ...VALUE, until: 'in 1 hour' }, '"until" of parameter'],
    ['an end without an offset', { ...VALUE, until: '2026-11-20T14:00:00' }, '"until" of parameter'],
    ['half minutes', { ...VALUE, trafficCycleMinutes: 30.5 }, 'must be whole minutes, at least 1, but is 30.5'],
    ['no traffic cycle', { ...VALUE, trafficCycleMinutes: 0 }, 'must be whole minutes, at least 1, but is 0'],
    ['a text as minutes', { ...VALUE, trafficCycleMinutes: '30' }, '"trafficCycleMinutes" of parameter'],
  ])('has a wrong shape, which is answered with a valid example: %s', (_what, value, reason) => {
    const decision = decide(value);
    expect(decision.use).toBe(false);
    expect(reasonOf(decision)).toContain('break glass is refused; to break it, write ');
    expect(reasonOf(decision)).toContain(reason);
    expect(reasonOf(decision)).toContain('Write it such as {"schema":1,"incident":"INC-1234"');
    expect(refusedOf(decision)?.refusal).toEqual({ writing: WRITING, broken: ['SHAPE'] });
  });

  test.each<[string, string, object, Partial<BreakGlassFacts>, Partial<StoredParameter>, string]>([
    ['expired', 'TIME', {}, { now: Date.parse('2026-11-20T14:00:00Z') }, {}, 'it expired Fri 2026-11-20 14:00 UTC'],
    [
      'expired, and used at the other gate',
      'TIME',
      {},
      { now: Date.parse('2026-11-20T14:00:00Z'), stage: 'Production', jobId: 'job-2', used: used() },
      {},
      'it expired Fri 2026-11-20 14:00 UTC',
    ],
    [
      'written for more than four hours',
      'TIME',
      { until: '2026-11-20T15:00:01Z' },
      {},
      {},
      'its "until", Fri 2026-11-20 15:00 UTC, is 241 min after it was written, but at most 240 min (4 h) are allowed',
    ],
    [
      'over before it was written',
      'TIME',
      { until: '2026-11-20T11:00:00Z' },
      {},
      {},
      'its "until", Fri 2026-11-20 11:00 UTC, was over when it was written, Fri 2026-11-20 11:00 UTC',
    ],
    ['for another release', 'RELEASE', { executionId: 'e-0' }, {}, {}, 'it is for the release e-0, but this is e-1'],
    [
      'written by another role',
      'WRITER',
      {},
      {},
      { modifiedBy: 'arn:aws:sts::111111111111:assumed-role/developer/jo' },
      'it was written by arn:aws:sts::111111111111:assumed-role/developer/jo, but only the role incident-lead may break the glass',
    ],
    ['written by an unknown writer', 'WRITER', {}, {}, { modifiedBy: undefined }, 'its writer is unknown'],
    [
      'used in this gate before: the stage was retried',
      'USE',
      {},
      { jobId: 'job-2', used: used() },
      {},
      'version 3 has opened the gate of Canary before, for job job-1, and opens it once',
    ],
    [
      'used by another release',
      'USE',
      {},
      { used: used({ executionId: 'e-0', stages: {} }) },
      {},
      'this writing of it was used by the release e-0',
    ],
    [
      'used, and read as another version',
      'USE',
      {},
      { used: used({ version: 2, stages: {} }) },
      {},
      'this writing of it was used by',
    ],
    [
      'too short a traffic cycle',
      'TRAFFIC_CYCLE',
      { trafficCycleMinutes: 29 },
      {},
      {},
      "its trafficCycleMinutes is 29, but the standard's emergency minimum is 30 min",
    ],
    [
      'a longer traffic cycle',
      'TRAFFIC_CYCLE',
      { trafficCycleMinutes: 1_441 },
      {},
      {},
      "its trafficCycleMinutes is 1441, but the release's own traffic cycle is 1440 min, which can only be shortened",
    ],
  ])('is what is %s', (_what, rule, value, facts, parameter, reason) => {
    expect(decide({ ...VALUE, ...value }, facts, parameter)).toEqual({
      use: false,
      refused: {
        concerns: (value as { executionId?: string }).executionId === undefined,
        reason: expect.stringMatching(
          /^break glass is refused; to break it, write \S+ again as the role incident-lead: /,
        ),
        refusal: { writing: WRITING, broken: [rule] },
      },
    });
    expect(reasonOf(decide({ ...VALUE, ...value }, facts, parameter))).toContain(`: ${reason}`);
  });

  test.each([
    'arn:aws:iam::111111111111:role/incident-lead',
    'arn:aws:iam::111111111111:user/incident-lead',
    'arn:aws:iam::111111111111:root',
    'arn:aws:sts::111111111111:assumed-role/incident-lead',
    'arn:aws:sts::111111111111:assumed-role/x/incident-lead',
    'arn:aws:sts::111111111111:assumed-role/incident-lead-x/jo',
    'arn:aws:sts::111111111111:assumed-role/Incident-Lead/jo',
    'arn:aws:sts::111111111111:federated-user/incident-lead',
    'x arn:aws:sts::111111111111:assumed-role/incident-lead/jo',
    'incident-lead',
    '',
  ])('is a writer like %j', (modifiedBy) => {
    expect(reasonOf(decide(VALUE, {}, { modifiedBy }))).toContain(
      'but only the role incident-lead may break the glass',
    );
  });

  test('names all mistakes at once', () => {
    const value = { ...VALUE, executionId: 'e-0', until: '2026-11-20T11:30:00Z', trafficCycleMinutes: 1 };
    const decision = decide(value, {}, { modifiedBy: undefined });
    expect(reasonOf(decision)).toMatch(
      /its writer is unknown.*; it is for the release e-0.*; it expired.*; its trafficCycleMinutes is 1/,
    );
    expect(refusedOf(decision)?.refusal.broken).toEqual(['WRITER', 'RELEASE', 'TIME', 'TRAFFIC_CYCLE']);
  });

  test('is reported also where nothing blocks: nobody should believe that it would help', () => {
    expect(reasonOf(decide({ ...VALUE, executionId: 'e-0' }, { blocking: [] }))).toContain('it is for the release e-0');
  });
});

test('a parameter that was deleted and recreated is another writing, though its version is the same', () => {
  const first = { value: '', version: 1, modifiedAt: '2026-11-20T11:00:00.000Z' };
  expect(writingOf(first)).not.toBe(writingOf({ ...first, modifiedAt: '2026-12-20T11:00:00.000Z' }));
  expect(writingOf(first)).not.toBe(writingOf({ ...first, version: 2 }));
});
