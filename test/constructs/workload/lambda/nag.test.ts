import { AwsSolutionsChecks } from 'cdk-nag';
import { Workload } from '../../../../constructs/workload/workload';
import { testApp } from '../../../helpers/fixture';
import { environment, fn, PRODUCTION, STAGING } from './environment';

test.each([PRODUCTION, STAGING])('a workload in $name has no finding of AwsSolutions', (of) => {
  const app = testApp();
  const { stack } = environment(of, app);
  Workload.lambdas({ handler: fn(stack) });
  const report = new AwsSolutionsChecks(app).validateScope(stack.node.findChild('Workload'));
  expect(report.violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
});

test('acknowledgements are few: the wildcards of three roles', () => {
  const { stack } = environment();
  Workload.lambdas({ one: fn(stack, 'One'), two: fn(stack, 'Two') });
  const acknowledged = stack.node
    .findAll()
    .filter((construct) => construct.node.metadata.some(({ type }) => type === 'aws:cdk:acknowledged-rules'))
    .map((construct) => construct.node.path);
  expect([...new Set(acknowledged)]).toEqual([
    'eu-west-1/service/Workload/CodeDeployRole',
    'eu-west-1/service/Workload/RolloutRole',
    'eu-west-1/service/Workload/GateRole',
  ]);
});
