import { parsePlan } from '../../../lib/plan/parse-plan';
import { examplePlan } from '../rollout/example';

/** Returns the plan with one value replaced, at a path of names. */
function spoilt(path: readonly string[], value: unknown): unknown {
  const plan: unknown = JSON.parse(JSON.stringify(examplePlan()));
  const parent = path.slice(0, -1).reduce((at, name) => (at as { [name: string]: unknown })[name], plan);
  (parent as { [name: string]: unknown })[path[path.length - 1]] = value;
  return plan;
}

test('a plan survives its journey through JSON', () => {
  expect(parsePlan(JSON.parse(JSON.stringify(examplePlan())))).toEqual(examplePlan());
});

test('so do windows, shifts and blackouts', () => {
  const plan = examplePlan();
  const { Wave1 } = plan.rollouts;
  const window = { cron: '* 9-16 * * 1-5', timeZone: 'Europe/Berlin' };
  const rollouts = { ...plan.rollouts, Wave1: { ...Wave1, shiftMinutes: 30, window } };
  const blackouts = [{ from: '2026-12-23T23:00:00.000Z', to: '2026-12-26T23:00:00.000Z', reason: 'Christmas' }];
  const whole = { ...plan, rollouts, blackouts };
  expect(parsePlan(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
});

test.each([
  [['schema'], 2, 'plan.schema must be 1, but is 2: the machine and its handlers are of different versions'],
  [['service'], '', 'plan.service must be a text that is not empty, but is ""'],
  [['environments', 'staging', 'phase'], 'TEST', 'plan.environments.staging.phase must be one of STAGING, PRODUCTION'],
  [['environments', 'staging', 'roleArn'], 7, 'plan.environments.staging.roleArn must be a text'],
  [['environments', 'staging', 'targets', 'api', 'parameter'], undefined, 'targets.api.parameter must be a text'],
  [['rollouts', 'canary', 'kind'], 'PROBE', 'plan.rollouts.canary.kind must be one of STAGING, CANARY, WAVE'],
  [['rollouts', 'canary', 'observeMinutes'], -1, 'plan.rollouts.canary.observeMinutes must be a number of 0 or more'],
  [['rollouts', 'canary', 'observeMinutes'], null, 'but is null'],
  [['rollouts', 'canary', 'after'], 'staging', 'plan.rollouts.canary.after must be an array, but is "staging"'],
  [['rollouts', 'Wave1', 'after'], ['Wave0'], 'plan.rollouts.Wave1 runs after "Wave0", which the plan lacks'],
  [
    ['rollouts', 'Wave1', 'environments', 'mars'],
    { deploymentConfig: 'x', alarms: {} },
    '"mars", which the plan lacks',
  ],
  [['rollouts', 'a/b'], {}, "a rollout's name has 1 to 100 characters and none of [ ] / #"],
  [['rollouts', 'Wave1', 'window'], { cron: '* * * * *' }, 'plan.rollouts.Wave1.window.timeZone must be a text'],
  [['rollouts', 'Wave1', 'shiftMinutes'], -1, 'plan.rollouts.Wave1.shiftMinutes must be a number of 0 or more'],
  [['blackouts'], [{ from: 'Christmas' }], 'plan.blackouts[0].from must be a moment in ISO 8601'],
  [['environments'], [], 'plan.environments must be an object, but is []'],
])('wrong at %j: %j', (path, value, message) => {
  expect(() => parsePlan(spoilt(path, value))).toThrow(message);
});
