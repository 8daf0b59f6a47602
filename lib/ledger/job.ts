import { arrayOf, json, moment, oneOf, optional, record, text } from '../core/shape';

/** What the pipeline asks of the ledger. */
export interface LedgerJob {
  /** Id of CodePipeline's job, which waits for an answer. */
  readonly id: string;
  /** Since when this action has been asked again because the ledger did not answer; ISO 8601. */
  readonly waitingSince?: string;
  /** The action's parameters, not looked at yet: a job whose parameters are wrong must be answered too. */
  readonly userParameters: unknown;
}

export type Operation = 'acquire' | 'complete';

/** The parameters of an action that asks the ledger. */
export interface LedgerRequest {
  readonly operation: Operation;
  readonly executionId: string;
  readonly commit: string;
  /** Rollouts that must have passed. */
  readonly requires: readonly string[];
}

const OPERATIONS: readonly Operation[] = ['acquire', 'complete'];

/** Reads the event of a CodePipeline Lambda action. It carries credentials: nothing else of it is looked at. */
export function parseJob(event: unknown): LedgerJob {
  const job = record(record(event, 'event')['CodePipeline.job'], 'event["CodePipeline.job"]');
  const data = record(job.data, 'job.data');
  const action = record(data.actionConfiguration, 'job.data.actionConfiguration');
  const configuration = record(action.configuration, 'job.data.actionConfiguration.configuration');
  return {
    id: text(job.id, 'job.id'),
    waitingSince: waitingSince(data.continuationToken),
    userParameters: configuration.UserParameters,
  };
}

/** Reads the action's parameters, a JSON text. */
export function parseRequest(userParameters: unknown): LedgerRequest {
  const request = record(json(text(userParameters, 'UserParameters'), 'UserParameters'), 'UserParameters');
  return {
    operation: oneOf(request.operation, 'UserParameters.operation', OPERATIONS),
    executionId: text(request.executionId, 'UserParameters.executionId'),
    commit: text(request.commit, 'UserParameters.commit'),
    requires: arrayOf(request.requires ?? [], 'UserParameters.requires', text),
  };
}

/** The token with which an action is asked again. */
export const continuation = (waitingSince: string): string => JSON.stringify({ waitingSince });

/** A token that is not ours counts as none: the patience begins anew. */
function waitingSince(token: unknown): string | undefined {
  if (typeof token !== 'string' || token === '') return undefined;
  try {
    const value = record(json(token, 'continuationToken'), 'continuationToken');
    return optional(value.waitingSince, 'continuationToken.waitingSince', moment);
  } catch {
    return undefined;
  }
}
