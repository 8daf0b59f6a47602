import { formatFacts, parseFacts, type ScheduleFacts, scheduleFacts } from '../../../lib/plan/schedule-facts';
import { examplePlan } from '../rollout/example';

const OFFICE = { cron: '* 9-16 * * 1-5', timeZone: 'Europe/Berlin' };
const BLACKOUT = { from: '2026-12-23T23:00:00.000Z', to: '2026-12-26T23:00:00.000Z', reason: 'Christmas' };

test('the facts of a plan are production’s rollouts, with shift and observation, and its blackouts', () => {
  const plan = examplePlan();
  const { Wave1 } = plan.rollouts;
  const rollouts = { ...plan.rollouts, Wave1: { ...Wave1, shiftMinutes: 30, window: OFFICE } };
  expect(scheduleFacts({ ...plan, rollouts, blackouts: [BLACKOUT] })).toEqual({
    rollouts: [
      { name: 'canary', minutes: 1_440 },
      { name: 'Wave1', minutes: 750, window: OFFICE },
      { name: 'Wave2', minutes: 120 },
    ],
    blackouts: [BLACKOUT],
  });
  expect(scheduleFacts({ ...plan, rollouts }, 'Wave2')).toEqual({
    rollouts: [{ name: 'Wave2', minutes: 120 }],
    blackouts: [],
  });
});

test('formatted facts can be read again, and have every window once', () => {
  const wave = (name: string) => ({ name, minutes: 150, window: { ...OFFICE } });
  const facts: ScheduleFacts = {
    rollouts: [{ name: 'canary', minutes: 60 }, wave('Wave1'), wave('Wave2')],
    blackouts: [BLACKOUT, { from: BLACKOUT.from, to: BLACKOUT.to }],
  };
  const formatted = formatFacts(facts);
  expect(parseFacts(formatted, 'SCHEDULE')).toEqual(facts);
  expect(formatted.split('Europe/Berlin')).toHaveLength(2);
});

test.each([
  ['no JSON', '{', /^SCHEDULE must be JSON/],
  ['no object', '[]', /^SCHEDULE must be an object/],
  [
    'another schema',
    '{"schema":2,"rollouts":"in another shape"}',
    /^SCHEDULE.schema must be 1, but is 2: the schedule and its function are of different versions; deploy the pipeline/,
  ],
  ['no schema', '{"rollouts":[],"windows":[],"blackouts":[]}', /^SCHEDULE.schema must be 1, but is missing/],
  [
    'a window that does not exist',
    '{"schema":1,"rollouts":[["Wave1",5,1]],"windows":[["* * * * *","UTC"]],"blackouts":[]}',
    /window 1/,
  ],
  [
    'a rollout without minutes',
    '{"schema":1,"rollouts":[["Wave1"]],"windows":[],"blackouts":[]}',
    /SCHEDULE.rollouts\[0\]\[1\]/,
  ],
  [
    'a blackout without an end',
    '{"schema":1,"rollouts":[],"windows":[],"blackouts":[["2026-12-24T00:00Z"]]}',
    /blackouts\[0\].to/,
  ],
  [
    'a blackout of a day',
    '{"schema":1,"rollouts":[],"windows":[],"blackouts":[["2026-12-24"]]}',
    /blackouts\[0\].from/,
  ],
])('%s is refused, with its place', (_what, source, error) => {
  expect(() => parseFacts(source, 'SCHEDULE')).toThrow(error);
});
