import { App, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Staging, StagingKind } from '../../../constructs/staging/staging';
import { DeploymentStandard } from '../../../constructs/standard/deployment-standard';
import type { DeploymentStandardProps } from '../../../constructs/standard/standard-props';

const ENV = { account: '111111111111', region: 'us-east-1' };
const acme = (props: DeploymentStandardProps = {}) => new DeploymentStandard({ name: 'acme', ...props });

describe('the lookup of a standard', () => {
  test('finds the one of the app', () => {
    const app = new App();
    const standard = acme();
    DeploymentStandard.set(app, standard);
    expect(DeploymentStandard.of(new Stack(app, 'Stack'))).toBe(standard);
  });

  test('finds the nearest one', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const own = acme();
    DeploymentStandard.set(app, new DeploymentStandard());
    DeploymentStandard.set(stack, own);
    expect(DeploymentStandard.of(stack)).toBe(own);
  });

  test('falls back to the default', () => {
    expect(DeploymentStandard.of(new App()).name).toBe('default');
  });

  test('is separate for two apps in one process', () => {
    DeploymentStandard.set(new App(), acme());
    expect(DeploymentStandard.of(new App()).name).toBe('default');
  });

  test('refuses a second standard for the same scope', () => {
    const app = new App();
    DeploymentStandard.set(app, acme());
    expect(() => DeploymentStandard.set(app, new DeploymentStandard({ name: 'other' }))).toThrow(
      'standard "other" cannot be set on the app, which has the standard "acme" already: set one of the two',
    );
  });

  test('refuses a standard that is set after a construct below was defined without it', () => {
    const app = new App();
    DeploymentStandard.of(new Stack(app, 'Orders'));
    expect(() => DeploymentStandard.set(app, acme())).toThrow(
      'standard "acme" is set on the app too late, "Orders" has read its standard before: set it before the first pipeline',
    );
  });

  test('allows a standard for a scope beside one whose standard was read', () => {
    const app = new App();
    DeploymentStandard.of(new Stack(app, 'Orders'));
    expect(() => DeploymentStandard.set(new Stack(app, 'Payments'), acme())).not.toThrow();
  });
});

describe('defaults', () => {
  const standard = new DeploymentStandard();

  test('are a canary of 8 % for 24 hours', () => {
    expect(standard._resolveCanary()).toEqual({ percentage: 8, trafficCycleMinutes: 1_440 });
  });

  test('bound the canary to 5–10 % of all traffic and 30 % of any region', () => {
    expect(standard._canaryBounds).toEqual({ standard: 'default', minimum: 5, maximum: 10, regionMaximum: 30 });
  });

  test('bake 12 h after the first wave and 2 h after later ones', () => {
    expect(standard._bakeBounds).toEqual({
      standard: 'default',
      firstMinimum: 60,
      firstDefault: 720,
      minimum: 30,
      default: 120,
    });
  });

  test('allow both kinds of staging', () => {
    expect(() => standard._checkStaging(Staging.partial({ env: ENV }))).not.toThrow();
    expect(() => standard._checkStaging(Staging.full({ env: ENV }))).not.toThrow();
  });

  test('require no further checks', () => {
    expect(() => standard._checkChecks([])).not.toThrow();
  });

  test('let every service own its deployment configurations', () => {
    expect(standard.sharedDeploymentConfigs).toBe(false);
  });
});

describe('a service within the bounds', () => {
  test('gets the percentage and the traffic cycle of its options', () => {
    const options = { percentage: 5.5, trafficCycle: Duration.hours(47) };
    expect(acme()._resolveCanary(options)).toEqual({ percentage: 5.5, trafficCycleMinutes: 2_820 });
  });

  test("gets the platform team's defaults", () => {
    const standard = acme({ canaryPercentageDefault: 6, trafficCycleDefault: Duration.hours(6) });
    expect(standard._resolveCanary({})).toEqual({ percentage: 6, trafficCycleMinutes: 360 });
  });

  test('may have bounds wider than the default ones', () => {
    const standard = acme({ canaryPercentageMinimum: 1, canaryPercentageMaximum: 20 });
    expect(standard._resolveCanary({ percentage: 20 }).percentage).toBe(20);
  });

  test('passes when it defines all required checks', () => {
    const standard = acme({ requiredChecks: ['stagingTests'] });
    expect(() => standard._checkChecks(['lint', 'stagingTests'])).not.toThrow();
  });
});

describe('a service outside of the bounds is an error that says what to change', () => {
  test('a larger canary', () => {
    expect(() => acme()._resolveCanary({ percentage: 12 })).toThrow(
      'standard "acme": canary.percentage is 12, but at most 10 is allowed: lower canary.percentage, or have the owners of the ' +
        'standard raise canaryPercentageMaximum',
    );
  });

  test('a smaller canary', () => {
    expect(() => acme()._resolveCanary({ percentage: 4 })).toThrow(
      'standard "acme": canary.percentage is 4, but at least 5 is required: raise canary.percentage, or have the owners of the ' +
        'standard lower canaryPercentageMinimum',
    );
  });

  test('a canary percentage that is a token', () => {
    expect(() => acme()._resolveCanary({ percentage: Token.asNumber({ Ref: 'Share' }) })).toThrow(
      'canary.percentage is a token',
    );
  });

  test('a shorter traffic cycle', () => {
    const standard = acme({ trafficCycleMinimum: Duration.hours(12) });
    expect(() => standard._resolveCanary({ trafficCycle: Duration.hours(2) })).toThrow(
      'standard "acme": canary.trafficCycle is 120 min, but at least 720 min are required: lengthen canary.trafficCycle, or have the ' +
        'owners of the standard lower trafficCycleMinimum',
    );
  });

  test('a traffic cycle that a pipeline does not wait for', () => {
    expect(() => acme()._resolveCanary({ trafficCycle: Duration.days(7) })).toThrow(
      'canary.trafficCycle is 10080 min, but at most 8640 min (6 days) fit into the seven days that a pipeline',
    );
  });

  test('a traffic cycle that is not whole minutes', () => {
    expect(() => acme()._resolveCanary({ trafficCycle: Duration.seconds(7_201) })).toThrow(
      'canary.trafficCycle is 7201 s, but must be whole minutes: round it to 121 min',
    );
  });

  test('a traffic cycle that is a token', () => {
    const trafficCycle = Duration.minutes(Lazy.number({ produce: () => 60 }));
    expect(() => acme()._resolveCanary({ trafficCycle })).toThrow('canary.trafficCycle is a token');
  });

  test('a kind of staging that is not allowed', () => {
    const standard = acme({ stagingKinds: [StagingKind.FULL] });
    expect(() => standard._checkStaging(Staging.partial({ env: ENV }))).toThrow(
      'standard "acme": staging is PARTIAL, but only FULL is allowed: use Staging.full(), or have the owners of the standard ' +
        'extend stagingKinds',
    );
  });

  test('a missing check', () => {
    const standard = acme({ requiredChecks: ['stagingTests', 'securityScan'] });
    expect(() => standard._checkChecks(['lint', 'stagingTests'])).toThrow(
      'standard "acme": checks has no securityScan, but every service must define it: add its commands, or have the owners of the ' +
        'standard remove it from requiredChecks',
    );
  });
});
