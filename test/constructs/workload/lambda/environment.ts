import { type CfnElement, Stack, Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type Environment, setEnvironment } from '../../../../constructs/environment/environment';
import { Phase } from '../../../../constructs/environment/phase';
import { testApp } from '../../../helpers/fixture';
import { ALL_CASES } from '../../../helpers/sample';

export const PRODUCTION: Environment = {
  service: 'orders',
  phase: Phase.PRODUCTION,
  name: 'eu-west-1',
  account: '333333333333',
  region: 'eu-west-1',
  pipeline: { account: '111111111111', region: 'us-west-2' },
  production: [{ account: '333333333333', region: 'eu-west-1' }],
  hostParity: 100,
  canaryPercentage: 8,
  steps: { percentage: 25, intervalMinutes: 10 },
  signalsSlos: [],
  sharedDeploymentConfigs: false,
};

export const STAGING: Environment = {
  ...PRODUCTION,
  phase: Phase.STAGING,
  name: 'staging',
  canaryPercentage: undefined,
  steps: undefined,
  hostParity: 25,
};

/** An environment as a pipeline would make it, with one stack. */
export function environment(
  of: Environment = PRODUCTION,
  app = testApp({ validated: ALL_CASES }),
): { stage: Stage; stack: Stack } {
  const env = { account: of.account, region: of.region };
  const stage = new Stage(app, of.name, { env });
  setEnvironment(stage, of);
  return { stage, stack: new Stack(stage, 'service', { env, stackName: 'orders-production' }) };
}

export function fn(scope: Construct, id = 'Handler', props: Partial<lambda.FunctionProps> = {}): lambda.Function {
  return new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
    ...props,
  });
}

export const logicalId = (construct: Construct): string =>
  Stack.of(construct).resolve((construct.node.defaultChild as CfnElement).logicalId);
