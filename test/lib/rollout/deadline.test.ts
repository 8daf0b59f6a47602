import type { Rollout } from '../../../lib/plan/rollout-plan';
import { atExpression, deadlineInput, deadlineMinutes, deadlineName } from '../../../lib/rollout/deadline';

const rollout = (kind: Rollout['kind'], observeMinutes: number, shiftMinutes?: number): Rollout => ({
  kind,
  environments: {},
  observeMinutes,
  shiftMinutes,
  after: [],
});

const DAY = 24 * 60;
const UUID = '1b4e28ba-2fa1-11d2-883f-0016d3cca427';

describe('a rollout is over', () => {
  test.each<[string, Rollout, number]>([
    ['a canary of a day', rollout('CANARY', DAY), DAY],
    ['a canary of five days', rollout('CANARY', 5 * DAY), 5 * DAY],
    ['a wave', rollout('WAVE', 120, 30), 150],
    ['a wave that shifts at once', rollout('WAVE', 30), 30],
  ])('%s: not before its end, and within hours of it', (_what, given, undisturbed) => {
    const minutes = deadlineMinutes(given);
    expect(minutes).toBeGreaterThan(undisturbed + 60 + 45 + 30 + 15);
    expect(minutes).toBeLessThan(undisturbed + 12 * 60);
  });

  test('after a week at the latest: no action of the pipeline waits longer', () => {
    expect(deadlineMinutes(rollout('CANARY', 6.9 * DAY))).toBe(7 * DAY + 60);
    expect(deadlineMinutes(rollout('WAVE', 6 * DAY, 2 * DAY))).toBe(7 * DAY + 60);
  });
});

describe('the name of a deadline', () => {
  test('is that of the service and the release', () => {
    expect(deadlineName('orders', UUID)).toBe(`orders-${UUID}`);
  });

  test.each([
    ['the longest service', 'a'.repeat(30), UUID],
    ['an id that is too long', 'orders', 'x'.repeat(200)],
    ['an id of other characters', 'orders', 'e/1 é'],
  ])('with %s is valid for Scheduler', (_what, service, executionId) => {
    expect(deadlineName(service, executionId)).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
  });

  test('differs for different releases, also after a change to fit', () => {
    const ids = [UUID, 'e-1', 'e/1', 'e 1', 'x'.repeat(37), 'x'.repeat(38)];
    expect(new Set(ids.map((id) => deadlineName('a'.repeat(30), id))).size).toBe(ids.length);
  });
});

test('the time of a schedule has whole seconds, and is never early', () => {
  expect(atExpression(Date.parse('2026-11-21T10:00:00.001Z'))).toBe('at(2026-11-21T10:00:01)');
  expect(atExpression(Date.parse('2026-11-21T10:00:00.000Z'))).toBe('at(2026-11-21T10:00:00)');
});

test('the machine gets the release and the reason', () => {
  expect(deadlineInput('Wave1', 'e-1', Date.parse('2026-11-21T10:00:00Z'))).toEqual({
    schema: 1,
    rollback: true,
    executionId: 'e-1',
    state: 'FAILED',
    because: 'the deadline of Wave1 has passed: it had to be over by 2026-11-21T10:00:00.000Z',
  });
});
