import type { AslState } from '../../lib/rollout/machine-definition';
import type { VirtualClock } from './clock';

/** Maximum size of a task's input and output, in bytes (Step Functions quotas). */
const PAYLOAD_LIMIT = 256 * 1024;

/** Maximum length of an error's cause. Longer ones are cut. */
const CAUSE_LIMIT = 32_768;

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

/**
 * A task as the interpreter calls it, repeated as long as its retriers allow. The interpreter's own pauses between
 * attempts take real time; here they pass on the virtual clock before it receives the error.
 */
export class RetriedTask {
  private readonly retriers: readonly Retrier[];
  private attempts: number[] = [];

  constructor(
    state: AslState,
    private readonly clock: VirtualClock,
    private readonly run: (input: unknown) => Promise<unknown>,
  ) {
    this.retriers = (state.Retry ?? []) as readonly Retrier[];
  }

  readonly call = async (input: unknown): Promise<unknown> => {
    try {
      const output = await this.run(withinLimit(input));
      this.attempts = [];
      return withinLimit(output);
    } catch (thrown) {
      const error = asTaskError(thrown);
      const seconds = this.pauseAfter(error);
      if (seconds === undefined) {
        this.attempts = [];
      } else {
        await this.clock.sleep(seconds);
      }
      throw error;
    }
  };

  private pauseAfter(error: Error): number | undefined {
    if ('isRetryable' in error && !error.isRetryable) {
      return undefined;
    }
    const at = this.retriers.findIndex(({ ErrorEquals }) =>
      ErrorEquals.some((name) => name === error.name || name === 'States.ALL' || name === 'States.TaskFailed'),
    );
    if (at < 0) {
      return undefined;
    }
    const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds } = this.retriers[at];
    const attempt = this.attempts[at] ?? 0;
    if (attempt >= MaxAttempts) {
      return undefined;
    }
    this.attempts[at] = attempt + 1;
    return Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  }
}

/** An error of Step Functions: a name to match, and a cause. */
export function named(name: string, cause: string): Error {
  return Object.assign(new Error(cause.slice(0, CAUSE_LIMIT)), { name });
}

/** Converts an error of a Lambda function: the machine receives the name of its class, and its JSON. */
function asTaskError(thrown: unknown): Error {
  const { name, message, stack = '' } = thrown as Error;
  if (/^(States|Lambda)\./.test(name)) {
    return thrown as Error;
  }
  const trace = stack.split('\n').slice(0, 3);
  return named(name, JSON.stringify({ errorType: name, errorMessage: message, trace }));
}

function withinLimit(value: unknown): unknown {
  const bytes = Buffer.byteLength(JSON.stringify(value ?? null));
  if (bytes > PAYLOAD_LIMIT) {
    throw named('States.DataLimitExceeded', `${bytes} bytes, at most ${PAYLOAD_LIMIT}`);
  }
  return value ?? null;
}
