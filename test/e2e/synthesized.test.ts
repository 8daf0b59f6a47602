import { Workload } from '../../constructs';
import { HISTORY_BUDGET } from '../../lib/rollout/history';
import { lambdaPlan } from '../../lib/workload/lambda/plan';
import { makeFunction, PIPELINE_ENV, Shop, synthesize } from '../helpers/fixture';
import { slow } from '../helpers/sample';
import { configNamedByValue, type DeploymentConfig, predefinedConfig } from '../local-aws/deployment-config';
import { machinesFromTemplate, planOf } from '../local-aws/machines-from-template';
import { rolloutPolicy } from '../local-aws/policies-from-template';
import { resourcesOf, type Stack, type Template } from '../local-aws/template';
import { LocalPipeline } from './local-pipeline';

type TimeBased = Exclude<DeploymentConfig, { type: 'AllAtOnce' }>;

const { app, template } = synthesize({
  microservice: new Shop('shop', (stack) =>
    Workload.lambdas({ http: makeFunction(stack, 'Http'), queue: makeFunction(stack, 'Queue') }),
  ),
});
const machines = machinesFromTemplate({ ...PIPELINE_ENV, template: template.toJSON() as Template }, 'shop');
const plan = planOf(machines.parent);

/** Stacks of all environments, by the environment's name. */
const stacks = new Map<string, Stack>();
for (const { environment, template: text } of app.synth().stacksRecursively) {
  const found = Object.entries(plan.environments).find(
    ([, { account, region }]) => account === environment.account && region === environment.region,
  );
  if (found && 'Resources' in text && JSON.stringify(text).includes('Custom::LambdaPublication')) {
    stacks.set(found[0], { account: environment.account, region: environment.region, template: text as Template });
  }
}

function stackOf(name: string): Stack {
  const stack = stacks.get(name);
  if (!stack) {
    throw new Error(`No stack of ${name} was synthesized`);
  }
  return stack;
}

describe('the synthesized machine and roles', () => {
  let pipeline: LocalPipeline;
  beforeEach(async () => {
    pipeline = await LocalPipeline.start({ plan, machines });
    for (const [name, environment] of Object.entries(plan.environments)) {
      const statements = rolloutPolicy(stackOf(name), environment, (key) => pipeline.fleet.function(name, key).arn);
      pipeline.world.iam.attach(environment.roleArn, statements);
    }
  });
  afterEach(() => pipeline.close());

  const refusals = () => pipeline.world.calls.filter(({ error }) => error?.startsWith('AccessDenied'));

  slow(
    'move a healthy release through a day of canary and three baked waves, onto the candidate in every region',
    async () => {
      const began = pipeline.clock.now();
      const results = await pipeline.release('e-1');
      expect(results.filter(({ failed }) => failed)).toEqual([]);
      const served = Object.values(pipeline.fleet.fleet('PRODUCTION'));
      expect(served).toHaveLength(6);
      expect(served.every((shares) => shares['2'] === 1)).toBe(true);
      // The time is the canary, the bakes, half an hour of shifting for each wave, and minutes between.
      expect((pipeline.clock.now() - began) / 3_600_000).toBeCloseTo(24 + 16 + 1.5, 0);
      expect(refusals()).toEqual([]);

      const histories = results.flatMap(({ machine }) => [machine?.events ?? 0, ...(machine?.legs ?? [])]);
      expect(Math.max(...histories)).toBeLessThan(HISTORY_BUDGET);
      // A leg lasts 12 hours, so the canary needs two at least.
      expect(results.find(({ action }) => action === 'canary')?.machine?.legs.length).toBeGreaterThan(1);
    },
  );

  test('return every region when an alarm fires in the canary’s second leg', async () => {
    pipeline.clock.inMinutes(13 * 60, () =>
      pipeline.fleet.alarm('us-east-1', 'shop-production-http-canary-errors', 'ALARM', 'errors 7 % > 5 %'),
    );
    const results = await pipeline.release('e-1');
    expect(results.at(-1)).toMatchObject({ action: 'canary', failed: true });
    expect(results.at(-1)?.message).toContain('errors 7 % > 5 %');
    const served = Object.values(pipeline.fleet.fleet('PRODUCTION'));
    expect(served.every((shares) => shares['1'] === 1)).toBe(true);
    expect(refusals()).toEqual([]);
  });
});

describe('every name in the plan', () => {
  test.each(Object.entries(plan.environments))('is created by the stack of %s', (name, { targets, phase }) => {
    const stack = stackOf(name);
    const values = (type: string, property: string): unknown[] =>
      resourcesOf(stack, type).map(([, properties]) => properties[property]);
    for (const target of Object.values(targets)) {
      const { application, deploymentGroup, parameter, neverPromoteHook } = lambdaPlan(target, 'plan');
      expect(values('AWS::CodeDeploy::Application', 'ApplicationName')).toContain(application);
      expect(values('AWS::CodeDeploy::DeploymentGroup', 'DeploymentGroupName')).toContain(deploymentGroup);
      expect(values('AWS::SSM::Parameter', 'Name')).toContain(parameter);
      if (phase === 'PRODUCTION') {
        expect(values('AWS::Lambda::Function', 'FunctionName')).toContain(neverPromoteHook);
      }
    }
    for (const { environments } of Object.values(plan.rollouts)) {
      const { alarms = {}, deploymentConfig } = environments[name] ?? {};
      expect(values('AWS::CloudWatch::Alarm', 'AlarmName')).toEqual(
        expect.arrayContaining(Object.values(alarms).flat()),
      );
      if (deploymentConfig !== undefined && !predefinedConfig(deploymentConfig)) {
        expect(values('AWS::CodeDeploy::DeploymentConfig', 'DeploymentConfigName')).toContain(deploymentConfig);
      }
    }
  });

  test('has the values of its deployment configuration, if it names one', () => {
    const configs = [...stacks.values()].flatMap((stack) => resourcesOf(stack, 'AWS::CodeDeploy::DeploymentConfig'));
    expect(configs.length).toBeGreaterThan(0);
    for (const [, { DeploymentConfigName, TrafficRoutingConfig }] of configs) {
      const { type, percentage, minutes } = configNamedByValue(String(DeploymentConfigName)) as TimeBased;
      const isCanary = type === 'TimeBasedCanary';
      expect(TrafficRoutingConfig).toEqual({
        Type: type,
        ...(isCanary
          ? { TimeBasedCanary: { CanaryPercentage: percentage, CanaryInterval: minutes } }
          : { TimeBasedLinear: { LinearPercentage: percentage, LinearInterval: minutes } }),
      });
    }
  });
});
