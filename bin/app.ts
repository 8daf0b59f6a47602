import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  BudgetPolicy,
  DeploymentStandard,
  GateCheck,
  MicroserviceDeploymentPipeline,
  ProductionRollout,
  Slo,
  Staging,
} from '../constructs';
import { Orders } from './orders/orders';

/** The example: the microservice `orders`, its pipeline in one account, staging in another, production in a third. */
const PIPELINE = { account: '111111111111', region: 'us-west-2' };
const STAGING = { account: '222222222222', region: 'us-east-1' };
const PRODUCTION = '333333333333';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

// The platform team sets this standard once for all services of the organization.
DeploymentStandard.set(
  app,
  new DeploymentStandard({
    name: 'acme',
    trafficCycleMinimum: Duration.hours(12),
    budgetPolicy: BudgetPolicy.untilRecovered().warnBelow(25),
    gateChecks: [GateCheck.cadence({ maxPerDay: 2, minimumInterval: Duration.hours(4) })],
  }),
);

const stack = new Stack(app, 'orders-pipeline', {
  env: PIPELINE,
  description: 'The path of the microservice orders to production',
});

new MicroserviceDeploymentPipeline(stack, 'Orders', {
  microservice: new Orders(),
  source: pipelines.CodePipelineSource.connection('acme/orders', 'main', {
    connectionArn: `arn:aws:codeconnections:${PIPELINE.region}:${PIPELINE.account}:connection/6f1c2b1e-8d3a-4c57-9b0e-2a7f5d4c3b21`,
  }),
  checks: {
    lint: ['npm run lint'],
    unitTests: ['npm test'],
    integrationTests: ['npm run test:integration'],
    stagingTests: ['npm run test:staging'],
  },
  staging: Staging.full({ env: STAGING, hostParity: 25 }),
  regions: [
    { env: { account: PRODUCTION, region: 'us-east-1' }, trafficShare: 60 },
    { env: { account: PRODUCTION, region: 'eu-west-1' }, trafficShare: 30 },
    { env: { account: PRODUCTION, region: 'ap-southeast-2' }, trafficShare: 10 },
  ],
  slos: [Slo.availability(99.9), Slo.latency(99, Duration.millis(800))],
  canary: { percentage: 8, trafficCycle: Duration.hours(24) },
  production: ProductionRollout.waves([['ap-southeast-2'], ['eu-west-1'], ['us-east-1']], { stepPercentage: 25 }),
});

app.synth();
