import { Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as pipelines from 'aws-cdk-lib/pipelines';
import {
  Microservice,
  MicroserviceDeploymentPipeline,
  type MicroserviceStack,
  ProductionRollout,
  Staging,
  Workload,
} from '../../constructs';
import { measure } from './measure';
import {
  BRANCH,
  CHECKS,
  CONNECTION,
  HANDLER,
  PIPELINE,
  production,
  REPOSITORY,
  STAGING,
  serviceNames,
} from './topology';

class OneFunction extends Microservice {
  public constructor(name: string) {
    super(name);
  }

  public define(stack: MicroserviceStack): Workload {
    const handler = new lambda.Function(stack, 'Handler', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(HANDLER),
    });
    return Workload.lambdas({ handler });
  }
}

measure((app, topology) => {
  for (const service of serviceNames(topology.services)) {
    const stack = new Stack(app, service, { env: PIPELINE });
    new MicroserviceDeploymentPipeline(stack, 'Pipeline', {
      microservice: new OneFunction(service),
      source: pipelines.CodePipelineSource.connection(REPOSITORY, BRANCH, { connectionArn: CONNECTION }),
      checks: CHECKS,
      synth: CHECKS.synth,
      staging: Staging.full({ env: STAGING, hostParity: 25 }),
      regions: production(topology.regions).map((env) => ({ env, trafficShare: 1 })),
      canary: { percentage: 8, trafficCycle: Duration.hours(24) },
      production: ProductionRollout.allAtOnce(),
    });
  }
});
