import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { type Environment, perEnvironment } from './environment-clients';

const stepFunctions = perEnvironment((config) => new SFNClient(config));

/** Stops an execution of a state machine, with the error and the cause that its history shows. */
export async function stopExecution(
  environment: Environment,
  executionArn: string,
  error: string,
  cause: string,
): Promise<void> {
  await stepFunctions(environment).send(new StopExecutionCommand({ executionArn, error, cause }));
}
