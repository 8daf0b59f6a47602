import { environmentsIn, targetsIn } from '../../../lib/plan/environments';
import { examplePlan } from '../rollout/example';

const plan = examplePlan(['http', 'queue']);

test('the environments of a phase are named in the order of the plan', () => {
  const { staging, 'eu-west-1': region } = plan.environments;
  const environments = { 'us-east-1': region, staging, 'eu-west-1': region };
  expect(environmentsIn({ environments }, 'PRODUCTION')).toEqual(['us-east-1', 'eu-west-1']);
  expect(environmentsIn({ environments }, 'STAGING')).toEqual(['staging']);
});

test('the targets of environments are named, and those of no other', () => {
  expect(targetsIn(plan, ['eu-west-1'])).toEqual([
    { environment: 'eu-west-1', key: 'http' },
    { environment: 'eu-west-1', key: 'queue' },
  ]);
});
