import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CLIENT_CONFIG, ONE_ATTEMPT } from '../aws/client-config';
import type { CustomConfig } from './config';
import { CUSTOM_TIMEOUT_SECONDS, type CustomFacts, type CustomRequest } from './custom';

let client: LambdaClient | undefined;

/** Asks a function once: what it does besides answering is not known here. */
export async function askFunction({ functionName }: CustomConfig, request: CustomRequest): Promise<CustomFacts> {
  client ??= new LambdaClient({
    ...CLIENT_CONFIG,
    ...ONE_ATTEMPT,
    requestHandler: { ...CLIENT_CONFIG.requestHandler, requestTimeout: CUSTOM_TIMEOUT_SECONDS * 1_000 },
  });
  const Payload = new TextEncoder().encode(JSON.stringify(request));
  const answer = await client.send(new InvokeCommand({ FunctionName: functionName, Payload }));
  const payload = answer.Payload && new TextDecoder().decode(answer.Payload);
  return { payload, functionError: answer.FunctionError };
}
