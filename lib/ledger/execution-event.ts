import { record, text } from '../core/shape';

/** Event of EventBridge about an execution of a pipeline. */
export interface ExecutionEvent {
  readonly executionId: string;
  /** In CodePipeline's words: STARTED, RESUMED, FAILED, SUCCEEDED, ... */
  readonly state: string;
}

/** Returns true for an event of a schedule, which is about no execution. */
const isScheduled = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'detail-type' in event && event['detail-type'] === 'Scheduled Event';

/** Reads an event of the type `CodePipeline Pipeline Execution State Change`; undefined for an event of a schedule. */
export function parseExecutionEvent(event: unknown): ExecutionEvent | undefined {
  if (isScheduled(event)) return undefined;
  const detail = record(record(event, 'event').detail, 'event.detail');
  return {
    executionId: text(detail['execution-id'], 'event.detail["execution-id"]'),
    state: text(detail.state, 'event.detail.state'),
  };
}
