import { json, listOf, maybe, moment, object, otherwise, record, type Shape, text, word } from '../core/shape';

/** What the pipeline asks of the ledger. */
export interface LedgerJob {
  /** Id of CodePipeline's job, which waits for an answer. */
  readonly id: string;
  /** Since when this action has been asked again because the ledger did not answer; ISO 8601. */
  readonly waitingSince?: string;
  /** The action's parameters, not looked at yet: a job whose parameters are wrong must be answered too. */
  readonly userParameters: unknown;
}

const operation = word('acquire', 'complete');

export type Operation = Shape<typeof operation>;

const request = object({
  operation,
  executionId: text,
  commit: text,
  /** Rollouts that must have passed. */
  requires: otherwise(listOf(text), []),
});

/** The parameters of an action that asks the ledger. */
export type LedgerRequest = Shape<typeof request>;

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
  const at = 'UserParameters';
  return request(json(text(userParameters, at), at), at);
}

/** The token with which an action is asked again. */
export const continuation = (waitingSince: string): string => JSON.stringify({ waitingSince });

/** A token that is not ours counts as none: the patience begins anew. */
function waitingSince(token: unknown): string | undefined {
  if (typeof token !== 'string' || token === '') return undefined;
  try {
    const value = record(json(token, 'continuationToken'), 'continuationToken');
    return maybe(moment)(value.waitingSince, 'continuationToken.waitingSince');
  } catch {
    return undefined;
  }
}
