import { assertPlanFits, PLAN_LIMIT_BYTES } from '../../../lib/plan/payload';
import type { RolloutPlan } from '../../../lib/plan/rollout-plan';
import { examplePlan } from '../rollout/example';

/** The example in more production regions: each with a wave of its own. */
function planOf(regions: number, targets: number): RolloutPlan {
  const keys = Array.from({ length: targets }, (_, index) => `target${index}`);
  const plan = examplePlan(keys);
  const { staging, 'eu-west-1': region } = plan.environments;
  const { staging: first, canary, Wave1 } = plan.rollouts;
  const names = Array.from({ length: regions }, (_, index) => `ap-southeast-${index}`);
  return {
    ...plan,
    environments: { staging, ...Object.fromEntries(names.map((name) => [name, { ...region, region: name }])) },
    rollouts: {
      staging: first,
      canary: {
        ...canary,
        environments: Object.fromEntries(names.map((name) => [name, canary.environments['eu-west-1']])),
      },
      ...Object.fromEntries(
        names.map((name) => [`Wave ${name}`, { ...Wave1, environments: { [name]: Wave1.environments['eu-west-1'] } }]),
      ),
    },
  };
}

test('a service with ten targets fits in 20 regions', () => {
  expect(() => assertPlanFits(planOf(20, 10))).not.toThrow();
});

test('a plan that does not fit is an error that names its regions and targets, and the cure', () => {
  expect(() => assertPlanFits(planOf(20, 40))).toThrow(
    new RegExp(
      `^The rollout plan of orders has \\d+ bytes, but a Step Functions state carries at most ${PLAN_LIMIT_BYTES} of it: ` +
        '21 environments \\(regions and staging\\) with 840 targets in total, in 22 rollouts\\. Release fewer targets',
    ),
  );
});

test('bytes are counted, not characters', () => {
  const plan = examplePlan();
  expect(() => assertPlanFits({ ...plan, service: 'ü'.repeat(PLAN_LIMIT_BYTES / 2) })).toThrow('The rollout plan');
});
