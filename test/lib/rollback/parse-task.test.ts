import { parseRollBack } from '../../../lib/rollback/parse-task';
import { examplePlan } from '../rollout/example';

const plan = examplePlan();

const ended = (input: unknown) => ({
  executionArn: 'arn',
  name: 'x-1',
  status: 'ABORTED',
  input: typeof input === 'string' ? input : JSON.stringify(input),
});

test('of a rollout it is the state of the rollout', () => {
  const task = parseRollBack({ rollout: 'Wave1', executionId: 'e-1', commit: 'c', plan });
  expect(task).toMatchObject({ rollout: 'Wave1', commit: 'c', thisRollout: { kind: 'WAVE' } });
  expect(task.asked).toBeUndefined();
});

test('a person names the release, and says why', () => {
  expect(parseRollBack({ rollBack: true, executionId: 'e-1', because: 'it is slow', plan })).toMatchObject({
    executionId: 'e-1',
    asked: { because: 'it is slow', ofStaging: false },
  });
});

test('the reason may be missing', () => {
  expect(parseRollBack({ rollBack: true, executionId: 'e-1', plan }).asked?.because).toBe('a roll back was asked for');
});

test('an execution that has ended names its release inside of its input', () => {
  const input = { rollout: 'canary', executionId: 'e-1', commit: 'c' };
  expect(parseRollBack({ rollBack: true, ended: ended(input), plan })).toMatchObject({
    executionId: 'e-1',
    asked: { because: 'the machine of canary ended ABORTED (execution x-1)', ofStaging: false },
  });
});

test('one of staging is told from others', () => {
  const input = { rollout: 'staging', executionId: 'e-1', commit: 'c' };
  expect(parseRollBack({ rollBack: true, ended: ended(input), plan }).asked?.ofStaging).toBe(true);
});

describe('a roll back that was killed', () => {
  const killed = (input: unknown) => parseRollBack({ rollBack: true, ended: ended(input), plan });

  test('goes on for the same release and reason', () => {
    expect(killed({ rollBack: true, executionId: 'e-1', because: 'it is slow' })).toMatchObject({
      executionId: 'e-1',
      asked: {
        because: 'it is slow; its roll back ended ABORTED (execution x-1)',
        person: 'a person',
        failed: false,
        ofStaging: false,
      },
    });
  });

  test('leaves what failed to be retried, as it would have done itself', () => {
    expect(killed({ rollBack: true, executionId: 'e-1', state: 'FAILED' }).asked?.failed).toBe(true);
  });

  test('is told apart from others also when it had itself been started again', () => {
    const first = { rollBack: true, ended: ended({ rollout: 'staging', executionId: 'e-1', commit: 'c' }) };
    expect(killed({ rollBack: true, ended: ended(first) })).toMatchObject({
      executionId: 'e-1',
      asked: { because: expect.stringMatching(/^the machine of staging ended ABORTED/), ofStaging: true },
    });
  });
});

test('the last answer is read', () => {
  const outcome = { next: 'STOP', reason: 'r', because: 'b', machine: 'arn' };
  const state = { rollBack: true, executionId: 'e-1', plan, outcome: { schema: 1, ...outcome } };
  expect(parseRollBack(state).last).toMatchObject(outcome);
});

test.each([
  [{}, 'state must have a rollout, or rollBack: true'],
  [{ rollBack: 'yes', executionId: 'e-1' }, 'state must have a rollout, or rollBack: true'],
  [{ rollBack: true }, 'state.executionId must be a text'],
  [{ rollBack: true, executionId: 'e-1', because: 5 }, 'state.because must be a text'],
  [{ rollBack: true, ended: ended('not JSON') }, 'state.ended.input must be JSON'],
  [{ rollBack: true, ended: ended({ executionId: 'e-1' }) }, 'state.ended.input.rollout must be a text'],
  [{ rollBack: true, ended: ended({ rollBack: true }) }, 'state.ended.input.executionId must be a text'],
  [{ rollBack: true, ended: { name: 'x', status: 'FAILED' } }, 'state.ended.input must be a text'],
])('wrong: %j', (state, message) => {
  expect(() => parseRollBack({ ...state, plan })).toThrow(message);
});
