import { Duration } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import {
  CanaryWeighting,
  DeploymentStandard,
  type DeploymentStandardProps,
  DeploymentWindow,
  ProductionRollout,
  Workload,
} from '../../../constructs';
import type { RolloutPlan } from '../../../lib/plan/rollout-plan';
import { parseFacts, type ScheduleFacts, scheduleFacts } from '../../../lib/plan/schedule-facts';
import { inRegion, makeFunction, pipelineProps, Shop, synthesize, testApp } from '../../helpers/fixture';

/** The plan that is embedded in the rollout machine. */
function planOf(template: Template): RolloutPlan {
  const [machine] = Object.values(
    template.findResources('AWS::StepFunctions::StateMachine', { Properties: { StateMachineName: 'shop-rollout' } }),
  );
  const text = machine.Properties.DefinitionString['Fn::Join'][1]
    .map((part: unknown) => (typeof part === 'string' ? part : 'aws'))
    .join('');
  return JSON.parse(text).States.Plan.Result;
}

describe('the plan of the rollouts', () => {
  const { template, pipeline } = synthesize();
  const plan = planOf(template);

  test('has a canary in every production region, whose share is a deployment configuration', () => {
    expect(
      Object.entries(plan.rollouts.canary.environments).map(([region, { deploymentConfig }]) => [
        region,
        deploymentConfig,
      ]),
    ).toEqual([
      ['us-east-1', 'shop-canary-08pct-2870m'],
      ['eu-west-1', 'shop-canary-08pct-2870m'],
      ['ap-southeast-2', 'shop-canary-08pct-2870m'],
    ]);
    expect(pipeline.canaryPercentages).toEqual({ 'us-east-1': 8, 'eu-west-1': 8, 'ap-southeast-2': 8 });
  });

  test('observes the canary for its traffic cycle', () => {
    expect(plan.rollouts.canary.observeMinutes).toBe(24 * 60);
  });

  test('bakes for 12 hours after the first wave and 2 after later ones', () => {
    expect(['Wave1', 'Wave2', 'Wave3'].map((wave) => plan.rollouts[wave].observeMinutes)).toEqual([720, 120, 120]);
  });

  test('lets every rollout begin only after all before it', () => {
    expect(Object.values(plan.rollouts).map(({ after }) => after)).toEqual([
      [],
      ['staging'],
      ['canary'],
      ['canary', 'Wave1'],
      ['canary', 'Wave1', 'Wave2'],
    ]);
  });

  test('watches canaries and waves by alarms of their own', () => {
    expect(plan.rollouts.canary.environments['eu-west-1'].alarms.handler).toEqual([
      'shop-production-handler-canary-errors',
    ]);
    expect(plan.rollouts.Wave2.environments['eu-west-1'].alarms.handler).toEqual([
      'shop-production-handler-wave-errors',
    ]);
  });

  test('shifts staging all at once', () => {
    expect(plan.rollouts.staging.environments.staging.deploymentConfig).toBe('CodeDeployDefault.LambdaAllAtOnce');
  });

  test('has a wave for each region, least traffic first, by default', () => {
    const { rollouts } = planOf(synthesize({ production: undefined }).template);
    const waves = Object.values(rollouts).filter(({ kind }) => kind === 'WAVE');
    expect(waves.map(({ environments }) => Object.keys(environments))).toEqual([
      ['ap-southeast-2'],
      ['eu-west-1'],
      ['us-east-1'],
    ]);
  });

  test('mixes waves that shift in steps with waves that shift at once', () => {
    const production = ProductionRollout.namedWaves([
      { name: 'Australia', regions: ['ap-southeast-2'], allAtOnce: true },
      { name: 'Rest', regions: ['eu-west-1', 'us-east-1'], stepPercentage: 20, interval: Duration.minutes(5) },
    ]);
    const { rollouts } = planOf(synthesize({ production }).template);
    expect(rollouts.Australia.environments['ap-southeast-2'].deploymentConfig).toBe(
      'CodeDeployDefault.LambdaAllAtOnce',
    );
    expect(rollouts.Rest.environments['us-east-1'].deploymentConfig).toBe('shop-linear-20pct-5m');
  });

  test('samples small regions more with equal samples', () => {
    const weighted = synthesize({ canary: { percentage: 8, weighting: CanaryWeighting.equalSample() } });
    const { 'us-east-1': large, 'ap-southeast-2': small } = weighted.pipeline.canaryPercentages;
    expect(small).toBeGreaterThan(large);
  });

  test('reaches twenty regions', () => {
    const regions = Array.from({ length: 20 }, (_, i) => inRegion(`eu-west-${i + 1}`, i + 1));
    const twenty = planOf(synthesize({ regions, production: ProductionRollout.allAtOnce() }).template);
    expect(Object.keys(twenty.rollouts.canary.environments)).toHaveLength(20);
  });
});

describe('windows and blackouts', () => {
  const OFFICE = { cron: '* 9-16 * * 1-5', timeZone: 'Europe/Berlin' };
  const withStandard = (props: DeploymentStandardProps) => {
    const app = testApp();
    DeploymentStandard.set(app, new DeploymentStandard({ name: 'acme', ...props }));
    return app;
  };
  /** Schedule in the configuration of the action that acquires production. */
  const scheduleOf = (template: Template): ScheduleFacts => {
    const functions = template.findResources('AWS::Lambda::Function');
    const texts = Object.values(functions).flatMap(
      ({ Properties }) => Properties.Environment?.Variables?.RELEASE_SCHEDULE ?? [],
    );
    expect(texts).toHaveLength(1);
    return parseFacts(texts[0], 'RELEASE_SCHEDULE');
  };

  test('are not in a plan unless they are configured', () => {
    const plan = planOf(synthesize().template);
    expect(plan).not.toHaveProperty('blackouts');
    expect(plan.rollouts.Wave1).not.toHaveProperty('window');
    expect(plan.rollouts.Wave1.shiftMinutes).toBe(30);
  });

  test('of the standard are in the plan, and in what acquires production', () => {
    const blackouts = [
      { from: '2020-12-24', to: '2020-12-26' },
      { from: '2120-12-24', to: '2120-12-26', timeZone: 'Europe/Berlin', reason: 'Christmas' },
    ];
    const { template } = synthesize(
      {},
      withStandard({ blackouts, productionWindow: DeploymentWindow.businessHours('Europe/Berlin') }),
    );
    const plan = planOf(template);
    expect(plan.blackouts).toEqual([
      { from: '2020-12-24T00:00:00.000Z', to: '2020-12-27T00:00:00.000Z' },
      { from: '2120-12-23T23:00:00.000Z', to: '2120-12-26T23:00:00.000Z', reason: 'Christmas' },
    ]);
    expect(Object.values(plan.rollouts).map(({ window }) => window)).toEqual([
      undefined,
      undefined,
      OFFICE,
      OFFICE,
      OFFICE,
    ]);
    expect(scheduleOf(template)).toEqual(scheduleFacts(plan));
  });

  test('of a service precede those of the standard', () => {
    const window = DeploymentWindow.always();
    const production = ProductionRollout.byPercentage({ window });
    const app = withStandard({ productionWindow: DeploymentWindow.businessHours('Europe/Berlin') });
    expect(planOf(synthesize({ production }, app).template).rollouts.Wave1).not.toHaveProperty('window');
  });

  test('a release that could never end within seven days is refused, with its parts', () => {
    const production = ProductionRollout.waves([['ap-southeast-2'], ['eu-west-1'], ['us-east-1']], {
      bake: Duration.hours(60),
    });
    expect(() => synthesize({ production })).toThrow(
      /A release takes 12330 min in production, but must end within seven days.*1440 of canary.trafficCycle, 3630 of wave Wave1/,
    );
  });

  test('more blackouts than fit into a function’s environment are refused', () => {
    const blackouts = Array.from({ length: 40 }, (_, i) => ({
      from: `${2100 + i}-12-24`,
      to: `${2100 + i}-12-26`,
      reason: 'a reason that is neither long nor short',
    }));
    expect(() => synthesize({}, withStandard({ blackouts }))).toThrow(
      /The schedule of a release has \d+ bytes, but at most 3000 fit .*: 4 rollouts with 0 different windows, and 40 blackouts\. Join blackouts/,
    );
  });

  test('twenty-three regions in waves of their own, with windows and blackouts, fit', () => {
    const regions = Array.from({ length: 23 }, (_, i) => inRegion(`ap-southeast-${i + 1}`, i + 1));
    const blackouts = Array.from({ length: 12 }, (_, i) => ({
      from: `${2100 + i}-12-24`,
      to: `${2100 + i}-12-26`,
      reason: 'Christmas',
    }));
    const window = DeploymentWindow.businessHours('Europe/Berlin');
    const waves = regions.map(({ env }) => ({
      name: `A-rather-long-name-of-a-wave-in-${env.region}`,
      regions: [env.region],
    }));
    const production = ProductionRollout.namedWaves(waves, { window });
    const { template } = synthesize({ regions, production }, withStandard({ blackouts }));
    expect(Buffer.byteLength(JSON.stringify(planOf(template)))).toBeLessThan(160_000);
  });
});

describe('a pipeline', () => {
  test('encrypts its artifacts with a key that is rotated', () => {
    const { template } = synthesize();
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
      ArtifactStores: Match.arrayWith([
        Match.objectLike({ ArtifactStore: Match.objectLike({ EncryptionKey: Match.objectLike({ Type: 'KMS' }) }) }),
      ]),
    });
  });

  test('keeps its ledger when it is deleted', () => {
    synthesize().template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    });
  });

  test('may assume the roles of its environments and no others', () => {
    const role = Object.values(
      synthesize().template.findResources('AWS::IAM::Role', {
        Properties: { RoleName: 'shop-us-west-2-rollout-handler' },
      }),
    )[0];
    const [assume] = role.Properties.Policies[0].PolicyDocument.Statement.filter(
      (statement: { Action: unknown }) => statement.Action === 'sts:AssumeRole',
    );
    expect(assume.Resource.map((arn: { 'Fn::Join': [string, string[]] }) => arn['Fn::Join'][1][2])).toEqual([
      ':iam::222222222222:role/shop-staging-us-east-1-rollout',
      ':iam::333333333333:role/shop-production-us-east-1-rollout',
      ':iam::333333333333:role/shop-production-eu-west-1-rollout',
      ':iam::333333333333:role/shop-production-ap-southeast-2-rollout',
    ]);
  });

  test('keeps to the standard of its app', () => {
    const app = testApp();
    DeploymentStandard.set(app, new DeploymentStandard({ name: 'acme', canaryPercentageMaximum: 9 }));
    expect(() => synthesize({ canary: { percentage: 10 } }, app)).toThrow(
      /standard "acme": canary.percentage is 10.*9/,
    );
  });

  test('has the checks that its standard requires', () => {
    const app = testApp();
    DeploymentStandard.set(app, new DeploymentStandard({ name: 'acme', requiredChecks: ['stagingTests'] }));
    expect(() => synthesize({}, app)).toThrow('standard "acme": checks has no stagingTests');
  });

  test('hands the staging tests what the microservice exposed', () => {
    const microservice = new Shop('shop', (stack) => {
      stack.exposeToStagingTests('SHOP_URL', 'https://shop.test');
      return Workload.lambdas({ handler: makeFunction(stack, 'Handler') });
    });
    const { checks } = pipelineProps();
    const { template } = synthesize({ microservice, checks: { ...checks, stagingTests: ['npm run test:staging'] } });
    const [pipelineResource] = Object.values(template.findResources('AWS::CodePipeline::Pipeline'));
    const staging = pipelineResource.Properties.Stages.find(({ Name }: { Name: string }) => Name === 'Staging');
    const tests = staging.Actions.find(({ Name }: { Name: string }) => Name === 'StagingTests');
    expect(tests.Configuration.EnvironmentVariables).toContain('"name":"SHOP_URL"');
  });
});
