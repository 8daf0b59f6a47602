import { parseRollback } from '../../../lib/rollback/parse-task';
import { examplePlan } from '../rollout/example';

const plan = examplePlan();

const ended = (input: unknown) => ({
  type: 'Step Functions Execution Status Change',
  detail: {
    executionArn: 'arn',
    name: 'x-1',
    status: 'ABORTED',
    input: typeof input === 'string' ? input : JSON.stringify(input),
  },
});

const stage = (state: string) => ({
  type: 'CodePipeline Stage Execution State Change',
  detail: { pipeline: 'orders', 'execution-id': 'e-1', stage: 'Canary', state },
});

const execution = (state: string) => ({
  type: 'CodePipeline Pipeline Execution State Change',
  detail: { pipeline: 'orders', 'execution-id': 'e-1', state },
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
  expect(parseRollback({ rollback: true, event: ended(input), plan })).toMatchObject({
    executionId: 'e-1',
    request: { because: 'the machine of canary ended ABORTED (execution x-1)', ofStaging: false },
  });
});

test.each([
  ['stage', stage('FAILED'), 'stage Canary of the pipeline is FAILED', true],
  ['stage', stage('STOPPED'), 'stage Canary of the pipeline is STOPPED', false],
  ['execution', execution('FAILED'), 'the execution of the pipeline is FAILED', true],
  ['execution', execution('STOPPING'), 'the execution of the pipeline is STOPPING', false],
])('the event that a %s of the pipeline has ended names its release', (_what, event, because, failed) => {
  const { executionId, request } = parseRollback({ rollback: true, event, plan });
  expect({ executionId, request }).toEqual({ executionId: 'e-1', request: { because, failed, ofStaging: false } });
});

test('an ended execution of staging is distinguished from others', () => {
  const input = { rollout: 'staging', executionId: 'e-1', commit: 'c' };
  expect(parseRollback({ rollback: true, event: ended(input), plan }).request?.ofStaging).toBe(true);
});

describe('a rollback that was killed', () => {
  const killed = (input: unknown) => parseRollback({ rollback: true, event: ended(input), plan });

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

  test('goes on for the same event of the pipeline, and stays a request of the safety net', () => {
    expect(killed({ rollback: true, event: stage('FAILED') }).request).toEqual({
      because: 'stage Canary of the pipeline is FAILED; its rollback ended ABORTED (execution x-1)',
      failed: true,
      ofStaging: false,
    });
  });

  test('of staging is distinguished from others also after a restart of its own', () => {
    const first = { rollback: true, event: ended({ rollout: 'staging', executionId: 'e-1', commit: 'c' }) };
    expect(killed({ rollback: true, event: ended(first) })).toMatchObject({
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

test('an order of schema 1 is read like one without a number, which a person has typed', () => {
  const order = { rollback: true, executionId: 'e-1', because: 'it is slow', plan };
  expect(parseRollback({ schema: 1, ...order })).toEqual(parseRollback(order));
});

test.each([
  [{ schema: 2, rollback: true, executionId: 'e-1' }, 'state.schema must be 1, but is 2: another version'],
  [{ schema: '1', rollback: true, executionId: 'e-1' }, 'state.schema must be 1, but is "1"'],
  [
    { rollback: true, event: ended({ schema: 2, rollback: true, executionId: 'e-1' }) },
    'state.event.detail.input.schema must be 1, but is 2',
  ],
  [{}, 'state must have a rollout, or rollback: true'],
  [{ rollback: 'yes', executionId: 'e-1' }, 'state must have a rollout, or rollback: true'],
  [{ rollback: true }, 'state.executionId must be a text'],
  [{ rollback: true, executionId: 'e-1', because: 5 }, 'state.because must be a text'],
  [{ rollback: true, event: ended('not JSON') }, 'state.event.detail.input must be JSON'],
  [{ rollback: true, event: ended({ executionId: 'e-1' }) }, 'state.event.detail.input.rollout must be a text'],
  [{ rollback: true, event: ended({ rollback: true }) }, 'state.event.detail.input.executionId must be a text'],
  [
    {
      rollback: true,
      event: { type: 'Step Functions Execution Status Change', detail: { name: 'x', status: 'FAILED' } },
    },
    'state.event.detail.input must be a text',
  ],
  [
    {
      rollback: true,
      event: { type: 'CodePipeline Stage Execution State Change', detail: { state: 'FAILED', stage: 'Canary' } },
    },
    'state.event.detail.execution-id must be a text',
  ],
  [{ rollback: true, event: { type: 'another', detail: {} } }, 'state.event.type must be one of'],
])('wrong: %j', (state, message) => {
  expect(() => parseRollback({ ...state, plan })).toThrow(message);
});
