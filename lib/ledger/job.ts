import { json, listOf, maybe, moment, object, otherwise, record, type Shape, text, word } from '../core/shape';
import { ACTION_SCHEMA, actionSchema, parseParameters } from '../plan/action-parameters';

/** Job of the pipeline for the ledger. */
export interface LedgerJob {
  /** Id of CodePipeline's job, which waits for an answer. */
  readonly id: string;
  /** Parameters of the action, not read yet: a job with wrong parameters must be answered too. */
  readonly userParameters: unknown;
  /** Token of the call before, not read yet. Undefined in the first call. */
  readonly continuationToken: unknown;
}

/** Wait of an action, over all its calls. */
export interface Waiting {
  /** Moment of the first attempt that the ledger did not answer; ISO 8601. Undefined before. */
  readonly waitingSince?: string;
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
    userParameters: configuration.UserParameters,
    continuationToken: data.continuationToken,
  };
}

/** Reads the action's parameters, a JSON text. */
export const parseRequest = (userParameters: unknown): LedgerRequest => parseParameters(userParameters, request);

/** Formats the token with which CodePipeline calls an action again. */
export const continuation = (waitingSince: string): string => JSON.stringify({ schema: ACTION_SCHEMA, waitingSince });

/**
 * Reads a token. One without a schema number, or without a moment, is not ours and counts as none: patience begins
 * anew. Another schema number is refused.
 */
export function parseContinuation(token: unknown): Waiting {
  const found = readToken(token);
  if (found?.schema === undefined) return {};
  actionSchema(found.schema, 'continuationToken.schema');
  try {
    return { waitingSince: maybe(moment)(found.waitingSince, 'continuationToken.waitingSince') };
  } catch {
    return {};
  }
}

function readToken(token: unknown): { readonly [key: string]: unknown } | undefined {
  if (typeof token !== 'string' || token === '') return undefined;
  try {
    return record(json(token, 'continuationToken'), 'continuationToken');
  } catch {
    return undefined;
  }
}
