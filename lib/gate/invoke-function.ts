import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CLIENT_CONFIG, ONE_ATTEMPT } from '../aws/client-config';
import type { FunctionAnswer } from './candidate';

/** Maximum time of a function's answer: the gate's own answer must arrive within a minute. */
const TIMEOUT_SECONDS = 20;

let client: LambdaClient | undefined;

/** Invokes a function once: a second call could repeat its side effects. */
export async function invokeFunction(functionName: string, request: object): Promise<FunctionAnswer> {
  client ??= new LambdaClient({
    ...CLIENT_CONFIG,
    ...ONE_ATTEMPT,
    requestHandler: { ...CLIENT_CONFIG.requestHandler, requestTimeout: TIMEOUT_SECONDS * 1_000 },
  });
  const Payload = new TextEncoder().encode(JSON.stringify(request));
  const answer = await client.send(new InvokeCommand({ FunctionName: functionName, Payload }));
  const payload = answer.Payload && new TextDecoder().decode(answer.Payload);
  return { payload, functionError: answer.FunctionError };
}
