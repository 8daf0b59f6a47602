import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Workload } from '../../../constructs';
import { makeFunction, Shop, synthesize } from '../../helpers/fixture';

describe('an assembly', () => {
  test('of usual size passes', () => {
    expect(() => synthesize().app.synth()).not.toThrow();
  });

  test('with a template that CloudFormation would refuse fails synth', () => {
    const microservice = new Shop('shop', (stack) => {
      for (let i = 0; i < 260; i++) {
        new CfnParameter(stack, `P${i}`, { type: 'String', value: 'x'.repeat(4_000) });
      }
      return Workload.lambdas({ handler: makeFunction(stack, 'Handler') });
    });
    expect(() => synthesize({ microservice }).app.synth()).toThrow(
      /The template of stack Pipelines\/Shop\/us-east-1\/service has \d+ bytes, but CloudFormation takes at most 1000000/,
    );
  });
});
