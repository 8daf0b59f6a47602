import { holdReason } from '../../../lib/ledger/transitions';
import type { JobResult } from '../../local-aws/codepipeline';
import { examplePlan, PIPELINE_PLACE } from '../rollout/example';
import { HELD_STAGES, PIPELINE_NAME, RELEASE, ReleaseWorld } from './release-world';

let world: ReleaseWorld;
beforeEach(async () => {
  world = await ReleaseWorld.start();
});
afterEach(() => world.close());

interface Told {
  readonly id: string;
  readonly result: JobResult | undefined;
  readonly logs: readonly string[];
}

/** Runs the action once, as CodePipeline does. */
async function act(userParameters: unknown, continuationToken?: string): Promise<Told> {
  const text = typeof userParameters === 'string' ? userParameters : JSON.stringify(userParameters);
  const { id, event } = world.world.codepipeline.job(PIPELINE_PLACE, 'ledger', text);
  const { handler, logs } = world.load('ledger');
  const job = event['CodePipeline.job'] as { readonly data: object };
  await handler(
    continuationToken ? { 'CodePipeline.job': { ...job, data: { ...job.data, continuationToken } } } : event,
  );
  return { id, logs, result: world.world.codepipeline.result(PIPELINE_PLACE, id) };
}

const take = (executionId = RELEASE) => ({
  schema: 1,
  operation: 'acquire',
  executionId,
  commit: 'c0ffee',
  requires: [],
});
const status = (executionId: string, is: 'Failed' | 'InProgress') =>
  world.world.codepipeline.setExecution(PIPELINE_PLACE, PIPELINE_NAME, executionId, is);

test('production is acquired', async () => {
  expect((await act(take())).result).toMatchObject({ state: 'succeeded', outputVariables: {} });
  expect(await world.ledger.holder()).toMatchObject({ executionId: RELEASE, token: 1, state: 'HELD' });
});

test('a blocked release gets the name of the release that blocks it', async () => {
  await act(take());
  status(RELEASE, 'InProgress');
  expect((await act(take('e-2'))).result).toEqual({
    state: 'failed',
    message: expect.stringMatching(
      /^Production is held by release e-1 \(commit c0ffee\) since .*; its execution is InProgress/,
    ),
  });
});

test('production is taken over from an execution that has failed', async () => {
  await act(take());
  status(RELEASE, 'Failed');
  expect((await act(take('e-2'))).result).toMatchObject({ state: 'succeeded' });
});

test('an execution that CodePipeline no longer has counts as ended', async () => {
  await act(take());
  status('e-9', 'InProgress');
  expect((await act(take('e-2'))).result).toMatchObject({ state: 'succeeded' });
});

test('a stage rollback of the console acquires nothing, and gets the command that rolls back', async () => {
  world.world.codepipeline.rollbackStage(PIPELINE_PLACE, PIPELINE_NAME, 'e-2', 'e-0');
  expect((await act(take('e-2'))).result).toEqual({
    state: 'failed',
    message: expect.stringMatching(
      /^Execution e-2 rolls a stage back to execution e-0, .* Nothing was published\. .*npx microservice-deployment-pipeline rollback --service orders/,
    ),
  });
  expect(await world.ledger.holder()).toBeUndefined();
});

test('a release completes when all that it requires has passed', async () => {
  await world.ready();
  const release = { ...take(), operation: 'complete', requires: ['canary'] };
  expect((await act(release)).result).toEqual({
    state: 'failed',
    message: 'release e-1 cannot complete, since not all of its rollouts have passed: canary has not started',
  });
  await world.record('canary', 'PASSED');
  expect((await act(release)).result).toMatchObject({ state: 'succeeded' });
  expect(await world.ledger.stable()).toMatchObject({ executionId: RELEASE });
});

const transition = (stage: string) => world.world.codepipeline.transition(PIPELINE_PLACE, PIPELINE_NAME, stage);
const held = () => HELD_STAGES.map((stage) => transition(stage).reason);

test('a release that acquires production, or holds it already, holds the transitions', async () => {
  await act(take());
  expect(held()).toEqual([holdReason(RELEASE), holdReason(RELEASE)]);
  transition('Canary').enabled = true;
  await act(take());
  expect(transition('Canary').enabled).toBe(false);
});

test('a release that is blocked changes no transition', async () => {
  await act(take());
  status(RELEASE, 'InProgress');
  await act(take('e-2'));
  expect(held()).toEqual([holdReason(RELEASE), holdReason(RELEASE)]);
});

test('a release that cannot complete reopens no transition', async () => {
  await world.ready();
  await act(take());
  await act({ ...take(), operation: 'complete', requires: ['canary'] });
  expect(held()).toEqual([holdReason(RELEASE), holdReason(RELEASE)]);
});

test('the action that completes a release succeeds, also when the transitions stay as they are', async () => {
  await world.ready();
  await act(take());
  await world.record('canary', 'PASSED');
  world.fail(({ operation }) => operation === 'EnableStageTransition', { kind: 'denied' });
  const release = { ...take(), operation: 'complete', requires: ['canary'] };
  const { result } = await act(release);
  const token = result?.state === 'continues' ? result.continuationToken : '';
  await world.world.clock.advance(15);
  expect((await act(release, token)).result).toMatchObject({ state: 'succeeded' });
  const told = world.world.calls.filter(({ operation }) => operation === 'PutJobSuccessResult').at(-1);
  expect(told?.input.executionDetails).toEqual({
    summary: expect.stringMatching(/^release e-1 has completed; the transitions could not be enabled: AccessDenied/),
  });
});

test.each(['', '{', '{"schema":1,"operation":"steal","executionId":"e","commit":"c"}'])(
  'wrong parameters fail the action: %j',
  async (parameters) => {
    expect((await act(parameters)).result).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('UserParameters'),
    });
  },
);

test('a ledger that does not answer is read again, for 15 min', async () => {
  world.fail(({ service }) => service === 'dynamodb', { kind: 'server-error' });
  const { result } = await act(take());
  expect(result).toMatchObject({ state: 'continues' });
  const token = result?.state === 'continues' ? result.continuationToken : '';
  await world.world.clock.advance(14);
  expect((await act(take(), token)).result).toEqual(result);
  await world.world.clock.advance(1);
  expect((await act(take(), token)).result).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('the ledger could not be read or updated'),
  });
  world.heal();
  expect((await act(take(), token)).result).toMatchObject({ state: 'succeeded' });
});

test('a report that does not arrive does not change the decision', async () => {
  world.fail(({ operation }) => operation === 'PutJobSuccessResult', { kind: 'server-error' });
  await expect(act(take())).rejects.toThrow();
  expect(world.operations()).not.toContain('PutJobFailureResult');
  expect(await world.ledger.holder()).toMatchObject({ executionId: RELEASE });
});

test('a report whose receipt was lost is not repeated', async () => {
  let lost = 0;
  world.world.faults = ({ operation }) =>
    operation === 'PutJobSuccessResult' && lost++ === 0 ? { kind: 'no-answer', effect: true } : undefined;
  expect((await act(take())).result).toMatchObject({ state: 'succeeded' });
  expect(lost).toBe(2);
});

test('the log never has the credentials that come with the event', async () => {
  const { logs } = await act(take());
  // The second line reports that the team was not notified: there is no topic here.
  expect(logs).toHaveLength(2);
  expect(logs.join()).not.toMatch(/secret|credential/i);
  expect(JSON.parse(logs[0])).toEqual({
    handler: 'ledger',
    job: expect.any(String),
    answer: 'DONE',
    reason: 'release e-1 has acquired production (token 1)',
  });
});

describe('a release that must not begin now', () => {
  const blackouts = [{ from: '2026-03-03T00:00:00Z', to: '2026-03-04T00:00:00Z', reason: 'elections' }];
  const untimely = async () => {
    await world.close();
    world = await ReleaseWorld.start(true, { ...examplePlan(), blackouts });
  };

  test('gets the reason with the dates, and acquires nothing', async () => {
    await untimely();
    expect((await act(take())).result).toEqual({
      state: 'failed',
      message: expect.stringMatching(
        /^Release e-1 must not begin now: canary would begin Mon 2026-03-02 .* that meets the blackout from Tue 2026-03-03 00:00 UTC to Wed 2026-03-04 00:00 UTC \(elections\)\. Nothing was published\./,
      ),
    });
    expect(await world.ledger.holder()).toBeUndefined();
    expect(await world.ledger.release(RELEASE)).toBeUndefined();
    expect(world.operations()).not.toContain('DisableStageTransition');
  });

  test('goes on when it holds production already', async () => {
    await untimely();
    await world.hold();
    expect((await act(take())).result).toMatchObject({ state: 'succeeded' });
  });

  test('is decided again when the ledger does not answer', async () => {
    await untimely();
    world.fail(({ service }) => service === 'dynamodb', { kind: 'server-error' });
    expect((await act(take())).result).toMatchObject({ state: 'continues' });
  });
});
