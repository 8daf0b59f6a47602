import { Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DeploymentBaseline, type DeploymentBaselineProps } from '../../../constructs/standard/deployment-baseline';
import { DeploymentStandard } from '../../../constructs/standard/deployment-standard';
import { testApp } from '../../helpers/fixture';
import { ALL_CASES } from '../../helpers/sample';

const baseline = (props?: DeploymentBaselineProps, standard?: DeploymentStandard) => {
  const stack = new Stack(testApp({ validated: ALL_CASES }), 'Baseline');
  if (standard) {
    DeploymentStandard.set(stack, standard);
  }
  return { baseline: new DeploymentBaseline(stack, 'Deployments', props), stack };
};
const QUARTERS = { percentage: 25, interval: Duration.minutes(10) };

describe('DeploymentBaseline', () => {
  test('has the canaries of the default standard, and quarters ten minutes apart', () => {
    expect(baseline().baseline.deploymentConfigNames).toEqual([
      'canary-05pct-2870m',
      'canary-06pct-2870m',
      'canary-07pct-2870m',
      'canary-08pct-2870m',
      'canary-09pct-2870m',
      'canary-10pct-2870m',
      'linear-25pct-10m',
    ]);
  });

  test("has the canaries of its stack's standard", () => {
    const standard = new DeploymentStandard({ canaryPercentageMinimum: 6.5, canaryPercentageMaximum: 8.5 });
    expect(baseline({ linearSteps: [] }, standard).baseline.deploymentConfigNames).toEqual([
      'canary-07pct-2870m',
      'canary-08pct-2870m',
    ]);
  });

  test('makes canaries that CodeDeploy would not promote before the longest interval it allows', () => {
    const { stack } = baseline({ canaryPercentages: [26], linearSteps: [] });
    Template.fromStack(stack).hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
      ComputePlatform: 'Lambda',
      DeploymentConfigName: 'canary-26pct-2870m',
      TrafficRoutingConfig: {
        Type: 'TimeBasedCanary',
        TimeBasedCanary: { CanaryPercentage: 26, CanaryInterval: 2_870 },
        TimeBasedLinear: Match.absent(),
      },
    });
  });

  test('creates the steps of its property', () => {
    const { stack } = baseline({
      canaryPercentages: [],
      linearSteps: [{ percentage: 10, interval: Duration.hours(1) }],
    });
    Template.fromStack(stack).hasResourceProperties('AWS::CodeDeploy::DeploymentConfig', {
      ComputePlatform: 'Lambda',
      DeploymentConfigName: 'linear-10pct-60m',
      TrafficRoutingConfig: {
        Type: 'TimeBasedLinear',
        TimeBasedLinear: { LinearPercentage: 10, LinearInterval: 60 },
        TimeBasedCanary: Match.absent(),
      },
    });
  });

  test('can have as many configurations as an account and region', () => {
    const canaryPercentages = Array.from({ length: 49 }, (_, i) => i + 1);
    const { stack } = baseline({ canaryPercentages });
    Template.fromStack(stack).resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 50);
  });
});

describe('wrong input is an error that says what to change', () => {
  test('more configurations than an account and region can have', () => {
    const canaryPercentages = Array.from({ length: 50 }, (_, i) => i + 1);
    expect(() => baseline({ canaryPercentages })).toThrow(
      'canaryPercentages and linearSteps make 51 deployment configurations, but an account and region has at most 50: keep those ' +
        'that services use',
    );
  });

  test.each([0, 100, 7.5, Number.NaN])('a canary percentage of %p', (percentage) => {
    expect(() => baseline({ canaryPercentages: [5, percentage] })).toThrow(
      `canaryPercentages[1] is ${percentage}, but must be a whole number of 1–99: CodeDeploy shifts whole percentages`,
    );
  });

  test('a canary percentage that is a token', () => {
    expect(() => baseline({ canaryPercentages: [Token.asNumber({ Ref: 'Share' })] })).toThrow(
      'canaryPercentages[0] is a token',
    );
  });

  test('a canary percentage that is listed twice', () => {
    expect(() => baseline({ canaryPercentages: [5, 6, 5] })).toThrow(
      'canaryPercentages[2] is 5, but canaryPercentages[0] is too: remove one of them',
    );
  });

  test.each([0, 100, 2.5])('steps of %p %%', (percentage) => {
    expect(() => baseline({ linearSteps: [{ ...QUARTERS, percentage }] })).toThrow(
      `linearSteps[0].percentage is ${percentage}, but must be a whole number of 1–99`,
    );
  });

  test('steps that follow each other without time between', () => {
    expect(() => baseline({ linearSteps: [{ ...QUARTERS, interval: Duration.minutes(0) }] })).toThrow(
      'linearSteps[0].interval is 0 min, but must be at least 1: lengthen it',
    );
  });

  test('an interval that is not whole minutes', () => {
    expect(() => baseline({ linearSteps: [{ ...QUARTERS, interval: Duration.seconds(90) }] })).toThrow(
      'linearSteps[0].interval is 90 s, but must be whole minutes: round it to 2 min',
    );
  });

  test('an interval that is a token', () => {
    const interval = Duration.minutes(Lazy.number({ produce: () => 1 }));
    expect(() => baseline({ linearSteps: [{ ...QUARTERS, interval }] })).toThrow('linearSteps[0].interval is a token');
  });

  test('steps that take longer than CodeDeploy allows', () => {
    expect(() => baseline({ linearSteps: [{ percentage: 1, interval: Duration.minutes(30) }] })).toThrow(
      'linearSteps[0] shifts for 2970 min, but CodeDeploy allows at most 2880: raise its percentage or shorten its interval',
    );
  });

  test('steps that are listed twice', () => {
    const hour = { percentage: 25, interval: Duration.minutes(60) };
    expect(() => baseline({ linearSteps: [hour, QUARTERS, { percentage: 25, interval: Duration.hours(1) }] })).toThrow(
      'linearSteps[2] is 25 % every 60 min, but linearSteps[0] is too: remove one of them',
    );
  });
});
