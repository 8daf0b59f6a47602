import { Duration, Stack, Stage, type StageProps } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as pipelines from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
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

/** One environment as people write it by hand: function, alias, alarm, deployment group. */
class PlainStage extends Stage {
  public constructor(scope: Construct, id: string, service: string, props: StageProps) {
    super(scope, id, props);
    const stack = new Stack(this, 'service', { stackName: `${service}-${id}` });
    const handler = new lambda.Function(stack, 'Handler', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(HANDLER),
    });
    const alias = new lambda.Alias(stack, 'Live', { aliasName: 'live', version: handler.currentVersion });
    const alarm = alias
      .metricErrors({ period: Duration.minutes(1) })
      .createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 3 });
    new codedeploy.LambdaDeploymentGroup(stack, 'Deployments', {
      alias,
      deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [alarm],
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
  }
}

measure((app, topology) => {
  for (const service of serviceNames(topology.services)) {
    const stack = new Stack(app, service, { env: PIPELINE });
    const source = pipelines.CodePipelineSource.connection(REPOSITORY, BRANCH, { connectionArn: CONNECTION });
    const synth = new pipelines.ShellStep('Synth', { input: source, commands: CHECKS.synth });
    for (const [name, commands] of [
      ['Lint', CHECKS.lint],
      ['UnitTests', CHECKS.unitTests],
      ['IntegrationTests', CHECKS.integrationTests],
    ] as const) {
      synth.addStepDependency(
        new pipelines.ShellStep(name, { input: source, installCommands: CHECKS.install, commands }),
      );
    }
    const pipeline = new pipelines.CodePipeline(stack, 'Pipeline', {
      pipelineName: service,
      synth,
      crossAccountKeys: true,
      enableKeyRotation: true,
      publishAssetsInParallel: false,
    });
    pipeline.addStage(new PlainStage(stack, 'staging', service, { env: STAGING }));
    const wave = pipeline.addWave('Production');
    for (const env of production(topology.regions)) {
      wave.addStage(new PlainStage(stack, env.region, service, { env }));
    }
  }
});
