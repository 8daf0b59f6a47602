import { parseRollback } from '../../../lib/rollback/parse-task';
import { examplePlan } from '../rollout/example';

const plan = examplePlan();

const ended = (input: unknown) => ({
  executionArn: 'arn',
  name: 'x-1',
  status: 'ABORTED',
  input: typeof input === 'string' ? input : JSON.stringify(input),
});

test('the task of a rollout is the state of the rollout', () => {
  const task = parseRollback({ rollout: 'Wave1', executionId: 'e-1', commit: 'c', plan });
  expect(task).toMatchObject({ rollout: 'Wave1', commit: 'c', thisRollout: { kind: 'WAVE' } });
  expect(task.request).toBeUndefined();
});

test('the request of a person has the release and the reason', () => {
  expect(parseRollback({ rollback: true, executionId: 'e-1', because: 'it is slow', plan })).toMatchObject({
    executionId: 'e-1',
    request: { because: 'it is slow', ofStaging: false },
  });
});

test('the reason may be missing', () => {
  expect(parseRollback({ rollback: true, executionId: 'e-1', plan }).request?.because).toBe('a rollback was requested');
});

test('the input of an ended execution names its release', () => {
  const input = { rollout: 'canary', executionId: 'e-1', commit: 'c' };
  expect(parseRollback({ rollback: true, ended: ended(input), plan })).toMatchObject({
    executionId: 'e-1',
    request: { because: 'the machine of canary ended ABORTED (execution x-1)', ofStaging: false },
  });
});

test('an ended execution of staging is distinguished from others', () => {
  const input = { rollout: 'staging', executionId: 'e-1', commit: 'c' };
  expect(parseRollback({ rollback: true, ended: ended(input), plan }).request?.ofStaging).toBe(true);
});

describe('a rollback that was killed', () => {
  const killed = (input: unknown) => parseRollback({ rollback: true, ended: ended(input), plan });

  test('goes on for the same release and reason', () => {
    expect(killed({ rollback: true, executionId: 'e-1', because: 'it is slow' })).toMatchObject({
      executionId: 'e-1',
      request: {
        because: 'it is slow; its rollback ended ABORTED (execution x-1)',
        person: 'a person',
        failed: false,
        ofStaging: false,
      },
    });
  });

  test('allows a retry of a failed stage, as it would have done itself', () => {
    expect(killed({ rollback: true, executionId: 'e-1', state: 'FAILED' }).request?.failed).toBe(true);
  });

  test('of staging is distinguished from others also after a restart of its own', () => {
    const first = { rollback: true, ended: ended({ rollout: 'staging', executionId: 'e-1', commit: 'c' }) };
    expect(killed({ rollback: true, ended: ended(first) })).toMatchObject({
      executionId: 'e-1',
      request: { because: expect.stringMatching(/^the machine of staging ended ABORTED/), ofStaging: true },
    });
  });
});

test('the last answer is read', () => {
  const outcome = { next: 'STOP', reason: 'r', because: 'b', machine: 'arn' };
  const state = { rollback: true, executionId: 'e-1', plan, outcome: { schema: 1, ...outcome } };
  expect(parseRollback(state).last).toMatchObject(outcome);
});

test.each([
  [{}, 'state must have a rollout, or rollback: true'],
  [{ rollback: 'yes', executionId: 'e-1' }, 'state must have a rollout, or rollback: true'],
  [{ rollback: true }, 'state.executionId must be a text'],
  [{ rollback: true, executionId: 'e-1', because: 5 }, 'state.because must be a text'],
  [{ rollback: true, ended: ended('not JSON') }, 'state.ended.input must be JSON'],
  [{ rollback: true, ended: ended({ executionId: 'e-1' }) }, 'state.ended.input.rollout must be a text'],
  [{ rollback: true, ended: ended({ rollback: true }) }, 'state.ended.input.executionId must be a text'],
  [{ rollback: true, ended: { name: 'x', status: 'FAILED' } }, 'state.ended.input must be a text'],
])('wrong: %j', (state, message) => {
  expect(() => parseRollback({ ...state, plan })).toThrow(message);
});
