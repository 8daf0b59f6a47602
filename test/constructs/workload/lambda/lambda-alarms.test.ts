import { Match, Template } from 'aws-cdk-lib/assertions';
import type { LambdasOptions } from '../../../../constructs/workload/lambda/lambdas-options';
import { Workload } from '../../../../constructs/workload/workload';
import { environment, fn, logicalId, STAGING } from './environment';

function alarms(options: LambdasOptions = {}, of?: typeof STAGING) {
  const { stack } = environment(of);
  const handler = fn(stack);
  Workload.lambdas({ handler }, options);
  const template = Template.fromStack(stack);
  const [release] = Object.keys(template.findResources('Custom::LambdaPublication'));
  return { template, release, name: { Ref: logicalId(handler) } };
}

const metric = (name: string, dimensions: unknown) =>
  Match.objectLike({
    MetricStat: {
      Metric: { Namespace: 'AWS/Lambda', MetricName: name, Dimensions: dimensions },
      Period: 60,
      Stat: 'Sum',
    },
    ReturnData: false,
  });

test("the canary's alarm reads the candidate behind the alias and nothing else", () => {
  const { template, release, name } = alarms();
  const dimensions = [
    { Name: 'FunctionName', Value: name },
    { Name: 'Resource', Value: { 'Fn::Join': ['', [name, ':live']] } },
    { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': [release, 'CandidateVersion'] } },
  ];
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'orders-production-handler-canary-errors',
    Metrics: Match.arrayWith([metric('Errors', dimensions), metric('Invocations', dimensions)]),
  });
});

test("the wave's alarm reads all requests through the alias", () => {
  const { template, name } = alarms();
  const dimensions = [
    { Name: 'FunctionName', Value: name },
    { Name: 'Resource', Value: { 'Fn::Join': ['', [name, ':live']] } },
  ];
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'orders-production-handler-wave-errors',
    Metrics: Match.arrayWith([metric('Errors', dimensions), metric('Invocations', dimensions)]),
  });
});

test('a rate counts only with a minimum of requests, and no requests are no errors', () => {
  const { template } = alarms({ minimumInvocations: 40 });
  template.allResourcesProperties('AWS::CloudWatch::Alarm', {
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Metrics: Match.arrayWith([
      {
        Id: 'rate',
        Label: 'Error rate in percent',
        Expression: 'IF(invocations >= 40, 100 * FILL(errors, 0) / invocations, 0)',
        ReturnData: true,
      },
    ]),
  });
});

test.each<[LambdasOptions, number, number]>([
  [{}, 5, 2],
  [{ canaryErrorRate: 12.5, waveErrorRate: 0.5 }, 12.5, 0.5],
])('thresholds of %j are %d and %d percent', (options, canary, wave) => {
  const { template } = alarms(options);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'orders-production-handler-canary-errors',
    Threshold: canary,
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'orders-production-handler-wave-errors',
    Threshold: wave,
  });
});

test('staging is monitored as production is', () => {
  const { template } = alarms({}, STAGING);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'orders-staging-handler-wave-errors' });
});
