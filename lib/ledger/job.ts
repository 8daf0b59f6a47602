import { json, listOf, maybe, moment, object, otherwise, record, type Shape, text, word } from '../core/shape';

/** Job of the pipeline for the ledger. */
export interface LedgerJob {
  /** Id of CodePipeline's job, which waits for an answer. */
  readonly id: string;
  /** Moment of the first attempt that the ledger did not answer; ISO 8601. Undefined before. */
  readonly waitingSince?: string;
  /** Parameters of the action, not read yet: a job with wrong parameters must be answered too. */
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

/** Parameters of an action that uses the ledger. */
export type LedgerRequest = Shape<typeof request>;

/** Reads the event of a CodePipeline Lambda action. The event carries credentials, so nothing else of it is read. */
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

/** Formats the token with which CodePipeline calls an action again. */
export const continuation = (waitingSince: string): string => JSON.stringify({ waitingSince });

/** Reads a token. One that is not ours counts as none: patience begins anew. */
function waitingSince(token: unknown): string | undefined {
  if (typeof token !== 'string' || token === '') return undefined;
  try {
    const value = record(json(token, 'continuationToken'), 'continuationToken');
    return maybe(moment)(value.waitingSince, 'continuationToken.waitingSince');
  } catch {
    return undefined;
  }
}
