import type { FunctionAnswer } from '../aws/facts';
import { invokeOnce } from '../aws/lambda';

/** Maximum time of a function's answer: the gate's own answer must arrive within a minute. */
const TIMEOUT_SECONDS = 20;

/** Invokes a function once: a second call could repeat its side effects. */
export const invokeFunction = (functionName: string, request: object): Promise<FunctionAnswer> =>
  invokeOnce(functionName, request, TIMEOUT_SECONDS);
