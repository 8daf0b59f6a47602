import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as pipelines from 'aws-cdk-lib/pipelines';
import {
  Microservice,
  MicroserviceDeploymentPipeline,
  type MicroserviceDeploymentPipelineProps,
  type MicroserviceStack,
  ProductionRollout,
  Staging,
  Workload,
} from '../../constructs';

export const PIPELINE_ENV = { account: '111111111111', region: 'us-west-2' };
export const STAGING_ENV = { account: '222222222222', region: 'us-east-1' };
export const PRODUCTION_ACCOUNT = '333333333333';

export const inRegion = (region: string, trafficShare: number) => ({
  env: { account: PRODUCTION_ACCOUNT, region },
  trafficShare,
});

export function makeFunction(stack: Stack, id: string, code = 'exports.handler = async () => 1;'): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(code),
  });
}

/** A microservice of one function. A test can replace `define`. */
export class Shop extends Microservice {
  constructor(
    name = 'shop',
    private readonly definition: (stack: MicroserviceStack) => Workload = (stack) =>
      Workload.lambdas({ handler: makeFunction(stack, 'Handler') }),
  ) {
    super(name);
  }

  define(stack: MicroserviceStack): Workload {
    return this.definition(stack);
  }
}

export const connection = (branch = 'main') =>
  pipelines.CodePipelineSource.connection('acme/shop', branch, {
    connectionArn: 'arn:aws:codeconnections:us-west-2:111111111111:connection/c0ffee',
  });

/** Props of a pipeline with three regions and three waves, with the changes of a test. */
export const pipelineProps = (
  overrides: Partial<MicroserviceDeploymentPipelineProps> = {},
): MicroserviceDeploymentPipelineProps => ({
  microservice: new Shop(),
  source: connection(),
  checks: { lint: ['npm run lint'], unitTests: ['npm test'], integrationTests: ['npm run test:integration'] },
  staging: Staging.full({ env: STAGING_ENV }),
  regions: [inRegion('us-east-1', 60), inRegion('eu-west-1', 30), inRegion('ap-southeast-2', 10)],
  canary: { percentage: 8, trafficCycle: Duration.hours(24) },
  production: ProductionRollout.waves([['ap-southeast-2'], ['eu-west-1'], ['us-east-1']]),
  ...overrides,
});

/**
 * Creates an app without slow parts that no test reads: the built-in template validation (which the example's synth
 * runs), stack traces, the construct tree, and copies of assets.
 */
export const testApp = ({ validated = false } = {}) =>
  new App({
    builtinCloudFormationValidation: validated,
    stackTraces: false,
    treeMetadata: false,
    context: { 'aws:cdk:disable-creation-stack-traces': true, 'aws:cdk:disable-asset-staging': true },
  });

export interface Synthesized {
  readonly app: App;
  readonly stack: Stack;
  readonly pipeline: MicroserviceDeploymentPipeline;
  /** Returns the pipeline's stack. */
  readonly template: Template;
}

export function synthesize(overrides: Partial<MicroserviceDeploymentPipelineProps> = {}, app = testApp()): Synthesized {
  const stack = new Stack(app, 'Pipelines', { env: PIPELINE_ENV });
  const pipeline = new MicroserviceDeploymentPipeline(stack, 'Shop', pipelineProps(overrides));
  return { app, stack, pipeline, template: Template.fromStack(stack) };
}

/** Stages of the only pipeline in a template, with the names of their actions by run order. */
export function stagesOf(template: Template): { [stage: string]: string[][] } {
  const [pipeline] = Object.values(template.findResources('AWS::CodePipeline::Pipeline'));
  return Object.fromEntries(
    (pipeline.Properties.Stages as Stage[]).map((stage) => {
      const orders = [...new Set(stage.Actions.map((action) => action.RunOrder ?? 1))].sort((a, b) => a - b);
      return [
        stage.Name,
        orders.map((order) =>
          stage.Actions.filter((action) => (action.RunOrder ?? 1) === order).map(({ Name }) => Name),
        ),
      ];
    }),
  );
}

interface Stage {
  readonly Name: string;
  readonly Actions: { readonly Name: string; readonly RunOrder?: number }[];
}
