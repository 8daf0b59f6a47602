import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CLIENT_CONFIG, ONE_ATTEMPT } from './client-config';
import type { FunctionAnswer } from './facts';

/** Clients by their timeout in milliseconds. */
const clients = new Map<number, LambdaClient>();

/** Returns a client of the handler's own account and region that sends each call once. */
function lambda(requestTimeout: number): LambdaClient {
  const requestHandler = { ...CLIENT_CONFIG.requestHandler, requestTimeout };
  const client = clients.get(requestTimeout) ?? new LambdaClient({ ...CLIENT_CONFIG, ...ONE_ATTEMPT, requestHandler });
  clients.set(requestTimeout, client);
  return client;
}

/**
 * Invokes a function, without a retry.
 *
 * @param timeoutSeconds maximum time of its answer
 */
export async function invokeOnce(
  functionName: string,
  request: object,
  timeoutSeconds: number,
): Promise<FunctionAnswer> {
  const Payload = new TextEncoder().encode(JSON.stringify(request));
  const command = new InvokeCommand({ FunctionName: functionName, Payload });
  const answer = await lambda(timeoutSeconds * 1_000).send(command);
  const payload = answer.Payload && new TextDecoder().decode(answer.Payload);
  return { payload, functionError: answer.FunctionError };
}
