import { AwsError, type Call, type Fields, required } from './call';
import type { Service } from './endpoint';
import { awsJson } from './protocols';

/** The called part of Step Functions; an interpreter runs the machines themselves (see run-machine.ts). */
export class StepFunctions implements Service {
  readonly name = 'states';
  readonly protocol = awsJson('1.0');
  /** Called with the ARN of an execution that is to be stopped. */
  onStop: (executionArn: string) => unknown = () => undefined;

  async handle(call: Call): Promise<Fields> {
    if (call.operation !== 'StopExecution') {
      throw new AwsError('UnknownOperationException', call.operation);
    }
    const arn = required(call.input, 'executionArn', 'InvalidArn');
    const [, , , region, account, kind] = arn.split(':');
    if (kind !== 'execution' || region !== call.region || account !== call.account) {
      throw new AwsError('InvalidArn', `Invalid ARN: ${arn}`);
    }
    await this.onStop(arn);
    return { stopDate: call.at / 1000 };
  }
}
