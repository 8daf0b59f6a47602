import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { Workload } from '../../../constructs/workload/workload';
import { environment, fn } from '../workload/lambda/environment';

const alarm = (scope: Construct, id: string, alarmName: string | undefined = id) =>
  new cloudwatch.Alarm(scope, id, {
    alarmName,
    metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'LostOrders' }),
    threshold: 1,
    evaluationPeriods: 1,
  });

test('alarms of the team watch canaries, waves, and deployments that no rollout started', () => {
  const { stack } = environment();
  const lost = alarm(stack, 'lost-orders');
  const workload = Workload.lambdas({ handler: fn(stack) }, { alarms: [lost] });
  expect(workload._plan()).toMatchObject({
    canaryAlarms: { handler: ['orders-production-handler-canary-errors', 'lost-orders'] },
    waveAlarms: { handler: ['orders-production-handler-wave-errors', 'lost-orders'] },
  });
  Template.fromStack(stack).hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
    AlarmConfiguration: { Alarms: Match.arrayWith([{ Name: 'lost-orders' }]) },
  });
});

test('alarms of the team may be imported by their name', () => {
  const { stack } = environment();
  const imported = cloudwatch.Alarm.fromAlarmName(stack, 'Imported', 'of-the-platform');
  const workload = Workload.lambdas({ handler: fn(stack) }, { alarms: [imported] });
  expect(workload._plan().waveAlarms.handler).toContain('of-the-platform');
});

test('alarms of the team are at most eight', () => {
  const { stack } = environment();
  const alarms = Array.from({ length: 9 }, (_, at) => alarm(stack, `a${at}`));
  expect(() => Workload.lambdas({ handler: fn(stack) }, { alarms })).toThrow(
    'alarms has 9 alarms, but at most 8 are possible',
  );
  expect(() => Workload.lambdas({ handler: fn(stack, 'Other') }, { alarms: alarms.slice(1) })).not.toThrow();
});

test('an alarm of the team must have a name', () => {
  const { stack } = environment();
  const unnamed = new cloudwatch.Alarm(stack, 'Unnamed', {
    metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'LostOrders' }),
    threshold: 1,
    evaluationPeriods: 1,
  });
  expect(() => Workload.lambdas({ handler: fn(stack) }, { alarms: [unnamed] })).toThrow(
    'alarms: eu-west-1/service/Unnamed has no name that is known at synth: give it an alarmName',
  );
});

test('an alarm of the team must not be listed twice', () => {
  const { stack } = environment();
  const twice = alarm(stack, 'twice');
  expect(() => Workload.lambdas({ handler: fn(stack) }, { alarms: [twice, twice] })).toThrow("'twice' is there twice");
});

test('an alarm of the team must not have the name of one of ours', () => {
  const { stack } = environment();
  const ours = alarm(stack, 'Ours', 'orders-production-handler-canary-errors');
  expect(() => Workload.lambdas({ handler: fn(stack) }, { alarms: [ours] })).toThrow(
    "'orders-production-handler-canary-errors' is there twice, or is the name of an alarm that the library creates",
  );
});

test('an alarm of the team must be of the same environment', () => {
  const { stack } = environment();
  const elsewhere = alarm(new Stack(), 'elsewhere');
  expect(() => Workload.lambdas({ handler: fn(stack) }, { alarms: [elsewhere] })).toThrow(
    'is not of the environment eu-west-1: CodeDeploy reads alarms of its own account and region only',
  );
});

test('an alarm of the team must not be a composite one', () => {
  const { stack } = environment();
  const composite = new cloudwatch.CompositeAlarm(stack, 'Composite', {
    compositeAlarmName: 'composite',
    alarmRule: cloudwatch.AlarmRule.fromAlarm(alarm(stack, 'part'), cloudwatch.AlarmState.ALARM),
  });
  expect(() => Workload.lambdas({ handler: fn(stack) }, { alarms: [composite] })).toThrow(
    'eu-west-1/service/Composite is an AWS::CloudWatch::CompositeAlarm, but CodeDeploy is documented to read metric alarms only',
  );
});
