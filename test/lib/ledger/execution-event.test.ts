import { parseExecutionEvent } from '../../../lib/ledger/execution-event';

test('an event of CodePipeline, as EventBridge sends it', () => {
  const event = {
    version: '0',
    'detail-type': 'CodePipeline Pipeline Execution State Change',
    source: 'aws.codepipeline',
    detail: { pipeline: 'orders', 'execution-id': 'e-1', state: 'FAILED', version: 7 },
  };
  expect(parseExecutionEvent(event)).toEqual({ executionId: 'e-1', state: 'FAILED' });
});

test.each([undefined, {}, { detail: { state: 'FAILED' } }, { detail: { 'execution-id': 'e-1' } }])(
  'anything else is refused: %j',
  (event) => {
    expect(() => parseExecutionEvent(event)).toThrow(/event/);
  },
);
