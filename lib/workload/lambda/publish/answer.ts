import { fitText } from '../../../core/fit';
import type { Published } from './publish';
import type { Request } from './request';

/** Characters of a reason. CloudFormation takes 4 KB; a person reads less. */
const REASON_LENGTH = 1_000;

export type Result = { readonly published?: Published } | { readonly failure: string };

/** Formats the answer to CloudFormation, as JSON. The physical id is the same for success and failure. */
export function answer(request: Request, result: Result): string {
  const { stackId, requestId, logicalResourceId, physicalResourceId } = request;
  const ids = {
    StackId: stackId,
    RequestId: requestId,
    LogicalResourceId: logicalResourceId,
    PhysicalResourceId: physicalResourceId,
  };
  if ('failure' in result) {
    return JSON.stringify({ Status: 'FAILED', Reason: fitText(result.failure, REASON_LENGTH), ...ids });
  }
  const { published } = result;
  return JSON.stringify({
    Status: 'SUCCESS',
    ...ids,
    ...(published && {
      Data: {
        FunctionName: published.functionName,
        Qualifier: published.aliasName,
        AliasArn: published.aliasArn,
        CandidateVersion: published.candidate,
      },
    }),
  });
}

/** Formats a thrown error for a person. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
