import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Orders } from '../../../bin/orders/orders';
import { Phase } from '../../../constructs/environment/phase';
import { MicroserviceStage } from '../../../constructs/microservice/microservice-stage';
import { StagingKind } from '../../../constructs/staging/staging';
import { testApp } from '../../helpers/fixture';

/** One environment of the example, without its pipeline. */
function environment(phase: Phase) {
  const app = testApp();
  const staging = phase === Phase.STAGING;
  const stage = new MicroserviceStage(app, new Orders(), {
    service: 'orders',
    phase,
    name: staging ? 'staging' : 'eu-west-1',
    account: '333333333333',
    region: staging ? 'us-east-1' : 'eu-west-1',
    pipeline: { account: '111111111111', region: 'us-west-2' },
    production: [{ account: '333333333333', region: 'eu-west-1' }],
    hostParity: staging ? 25 : 100,
    ...(staging ? { stagingKind: StagingKind.FULL } : { canaryPercentage: 8 }),
    signalsSlos: [],
    sharedDeploymentConfigs: false,
  });
  const data = stage.node.findChild('data') as typeof stage.stack;
  return { app, stage, service: () => Template.fromStack(stage.stack), data: () => Template.fromStack(data) };
}

const production = environment(Phase.PRODUCTION);
const service = production.service();
const data = production.data();

test('callers are attached to the alias, not to the functions', () => {
  // The alias' name is an attribute of the publication: callers come after it, and cannot miss it.
  const alias = (fn: object, publication: string) => ({
    'Fn::Join': ['', [fn, ':', { 'Fn::GetAtt': [Match.stringLikeRegexp(publication), 'Qualifier'] }]],
  });
  const http = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Http'), 'Arn'] };
  service.hasResourceProperties('AWS::ApiGatewayV2::Integration', { IntegrationUri: alias(http, 'HttpPublication') });
  service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FunctionName: alias({ Ref: Match.stringLikeRegexp('^Consumer') }, 'ConsumerPublication'),
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
});

test('staging has its share of the capacity of production', () => {
  service.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 100 });
  service.hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency: 40 } });
  const staging = environment(Phase.STAGING).service();
  staging.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 25 });
  staging.hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency: 10 } });
});

test('every route requires IAM credentials', () => {
  const routes = Object.values(service.findResources('AWS::ApiGatewayV2::Route'));
  expect(routes.map(({ Properties }) => [Properties.RouteKey, Properties.AuthorizationType]).sort()).toEqual([
    ['GET /orders/{id}', 'AWS_IAM'],
    ['POST /orders', 'AWS_IAM'],
  ]);
});

test('orders and queues keep their identity: a changed logical id would replace them', () => {
  expect(Object.keys(data.findResources('AWS::DynamoDB::Table'))).toEqual(['OrdersTable1F8332C7']);
  expect(Object.keys(data.findResources('AWS::SQS::Queue')).sort()).toEqual([
    'OrdersDeadLetters6314E60F',
    'OrdersQueueC538DD4C',
  ]);
});

test('the table outlives its stack and can be restored', () => {
  data.hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Retain',
    Properties: {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  });
});

test('cdk-nag has no findings about the service', () => {
  const { app } = environment(Phase.PRODUCTION);
  const pack = new AwsSolutionsChecks(app);
  expect(pack.validateScope(app).violations).toEqual([]);
});
