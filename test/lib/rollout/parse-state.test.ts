import { parseState } from '../../../lib/rollout/parse-state';
import { examplePlan } from './example';

const STATE = { rollout: 'canary', executionId: 'e-1', commit: 'c0ffee', plan: examplePlan() };

test('a state without an outcome is one at the beginning', () => {
  const task = parseState(STATE);
  expect(task.last).toBeUndefined();
  expect(task.caught).toBeUndefined();
  expect(task.thisRollout.kind).toBe('CANARY');
});

test('the last answer is read with all fields that handlers carry from call to call', () => {
  const outcome = {
    next: 'WAIT',
    reason: 'waits',
    startedAt: '2026-03-02T09:00:00.000Z',
    deployments: { 'eu-west-1': { api: 'd-1' } },
    silentSince: { 'eu-west-1': '2026-03-02T09:00:00.000Z' },
    waitingSince: '2026-03-02T09:00:00.000Z',
    because: 'alarm',
  };
  expect(parseState({ ...STATE, outcome: { schema: 1, ...outcome } }).last).toEqual(outcome);
});

test('an error that the machine caught is distinguished from an answer', () => {
  const task = parseState({ ...STATE, outcome: { Error: 'Lambda.Unknown', Cause: 'out of memory' } });
  expect(task.last).toBeUndefined();
  expect(task.caught).toEqual({ Error: 'Lambda.Unknown', Cause: 'out of memory' });
});

test.each([
  [{ rollout: 'Wave9' }, 'state.rollout must be one of staging, canary, Wave1, Wave2, but is "Wave9"'],
  [{ executionId: '' }, 'state.executionId must be a text'],
  [{ commit: undefined }, 'state.commit must be a text'],
  [{ legStartedAt: 'yesterday' }, 'state.legStartedAt must be a moment'],
  [{ outcome: { schema: 1, next: 'PANIC', reason: 'x' } }, 'state.outcome.next must be one of WAIT, WATCH'],
  [
    { outcome: { schema: 1, next: 'WAIT', reason: 'x', waitingSince: 5 } },
    'state.outcome.waitingSince must be a moment',
  ],
  [
    { outcome: { schema: 1, next: 'WATCH', reason: 'x', deployments: { a: { b: 1 } } } },
    'state.outcome.deployments.a.b must be a text',
  ],
  [{ outcome: [] }, 'state.outcome must be an object'],
  [{ outcome: { schema: 2, next: 'WAIT', reason: 'x' } }, 'state.outcome.schema must be 1, but is 2: the handler that'],
  [{ outcome: { next: 'WAIT', reason: 'x' } }, 'state.outcome.schema must be 1, but is missing'],
])('wrong: %j', (change, message) => {
  expect(() => parseState({ ...STATE, ...change })).toThrow(message);
});
