import type { FunctionAnswer } from '../../aws/facts';
import type { Finding } from '../../core/finding';
import { fitText } from '../../core/fit';
import {
  anyText,
  json,
  mapOf,
  maybe,
  moment,
  number,
  object,
  quoted,
  record,
  type Shape,
  ShapeError,
  text,
  word,
  words,
} from '../../core/shape';
import { configOf } from '../check-config';
import type { CheckKind } from '../check-kind';
import type { GateStage } from '../request';

const readConfig = configOf('CUSTOM', {
  /** Name or ARN, in the pipeline's account and region. */
  functionName: text,
  /** Passed through to it. */
  parameters: maybe(mapOf(anyText)),
});
export type CustomConfig = Shape<typeof readConfig>;

/** Maximum characters of a reason, which is for people. */
const REASON_LENGTH = 1_000;

/** Request to the function. */
export interface CustomRequest {
  readonly schema: 1;
  /** Name of the check. */
  readonly check: string;
  readonly service: string;
  readonly stage: GateStage;
  /** The release. */
  readonly executionId: string;
  readonly commit: string;
  readonly parameters: { readonly [name: string]: string };
}

export const customRequest = (
  { name, parameters = {} }: CustomConfig,
  release: Pick<CustomRequest, 'service' | 'stage' | 'executionId' | 'commit'>,
): CustomRequest => ({ schema: 1, check: name, ...release, parameters });

const answer = object(
  {
    verdict: word('PASS', 'FAIL', 'INCONCLUSIVE', 'ERROR'),
    reason: words,
    until: maybe(moment),
    since: maybe(moment),
    unblockedBy: maybe(words),
    measured: maybe(number),
    limit: maybe(number),
  },
  quoted,
);
const EXAMPLE = { verdict: 'FAIL', reason: '3 open incidents, but none is allowed', until: '2026-11-20T10:00:00Z' };

/** Reads the verdict from the function's answer. An answer without a valid verdict is an ERROR. */
export function readCustomAnswer(config: CustomConfig, facts: FunctionAnswer, _now: number): Finding {
  const { name: check, functionName } = config;
  const error = (reason: string): Finding => ({
    check,
    verdict: 'ERROR',
    reason,
    unblockedBy: `the function ${functionName} answers with a verdict`,
  });
  if (facts.functionError !== undefined) {
    return error(`the function ${functionName} failed (${facts.functionError}): ${failure(facts.payload)}`);
  }
  try {
    return { check, ...readAnswer(facts.payload, `the answer of function ${functionName}`) };
  } catch (problem) {
    if (!(problem instanceof ShapeError)) throw problem;
    return error(`${problem.message}. A right answer is ${JSON.stringify(EXAMPLE)}`);
  }
}

function readAnswer(payload: string | undefined, at: string): Omit<Finding, 'check'> {
  const { reason, ...rest } = answer(json(payload ?? '', at), at);
  return { ...rest, reason: fitText(reason, REASON_LENGTH) };
}

/** Reads the message from Lambda's description of an error, which also holds the stack. */
function failure(payload: string | undefined): string {
  try {
    const { errorMessage } = record(json(payload ?? '', 'payload'), 'payload');
    return fitText(words(errorMessage, 'errorMessage'), REASON_LENGTH);
  } catch {
    return 'it gave no reason';
  }
}

/** Invokes a Lambda function of the organization or of the team. */
export const custom: CheckKind<CustomConfig, FunctionAnswer> = {
  kind: 'CUSTOM',
  readConfig,
  readFacts: (config, candidate) => {
    const { service } = candidate;
    // For a blocked release this is the ledger's item, which has more fields.
    const { stage, executionId, commit } = candidate.request;
    return candidate.invoke(config.functionName, customRequest(config, { service, stage, executionId, commit }));
  },
  decide: readCustomAnswer,
};
