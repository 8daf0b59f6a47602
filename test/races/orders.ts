import type { Fields } from '../local-aws/call';

/** Order to roll a release back, as the races compare it with what happens. */
export interface ReadOrder {
  readonly executionId: string;
  readonly because: string;
  readonly failed: boolean;
}

/** Reads the input of a machine: the safety net gives an event; a person gives the release. */
export function readOrder(input: object): ReadOrder {
  const { executionId, because, state, event } = input as {
    readonly executionId?: string;
    readonly because?: string;
    readonly state?: string;
    readonly event?: { readonly detail: Fields };
  };
  if (!event) return { executionId: executionId ?? '', because: because ?? '', failed: state === 'FAILED' };
  const { detail } = event;
  if (detail.input === undefined) {
    return {
      executionId: String(detail['execution-id']),
      because: `${detail.stage ?? 'the execution'} is ${detail.state}`,
      failed: detail.state === 'FAILED',
    };
  }
  return {
    executionId: readOrder(JSON.parse(String(detail.input))).executionId,
    because: `${detail.name} ended ${detail.status}`,
    failed: detail.status === 'FAILED',
  };
}
