import { fitText } from '../../../core/fit';
import type { Published } from './publish';
import type { Request } from './request';

/** CloudFormation takes 4 KB; what a person reads of a reason is less. */
const REASON_LENGTH = 1_000;

export type Result = { readonly published?: Published } | { readonly failure: string };

/** The answer to CloudFormation, as JSON. The physical id is the same whether it went well or not. */
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

/** What a person should read of something thrown. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
