import { record, text } from '../rollout/shape';

/** What EventBridge tells about an execution of a pipeline. */
export interface ExecutionEvent {
  readonly executionId: string;
  /** In CodePipeline's words: STARTED, RESUMED, FAILED, SUCCEEDED, ... */
  readonly state: string;
}

/** Reads an event of the type `CodePipeline Pipeline Execution State Change`. */
export function parseExecutionEvent(event: unknown): ExecutionEvent {
  const detail = record(record(event, 'event').detail, 'event.detail');
  return {
    executionId: text(detail['execution-id'], 'event.detail["execution-id"]'),
    state: text(detail.state, 'event.detail.state'),
  };
}
