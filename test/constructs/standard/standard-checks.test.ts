import { Duration, Lazy, Token } from 'aws-cdk-lib';
import { DeploymentStandard } from '../../../constructs/standard/deployment-standard';
import type { DeploymentStandardProps } from '../../../constructs/standard/standard-props';

const acme = (props: DeploymentStandardProps) => () => new DeploymentStandard({ name: 'acme', ...props });

describe('an impossible standard is an error', () => {
  test('an empty name', () => {
    expect(acme({ name: ' ' })).toThrow('name of a standard is " ", but must not be empty: name it after its owners');
  });

  test.each([
    ['canaryPercentageMinimum', 0],
    ['canaryPercentageMaximum', 100],
    ['canaryPercentageDefault', Number.NaN],
  ])('a %s of %p', (property, value) => {
    expect(acme({ [property]: value })).toThrow(
      `standard "acme": ${property} is ${value}, but must be a number of 1–99`,
    );
  });

  test('a percentage that is a token', () => {
    expect(acme({ canaryPercentageDefault: Token.asNumber({ Ref: 'Share' }) })).toThrow(
      'standard "acme": canaryPercentageDefault is a token',
    );
  });

  test('a minimum above the maximum', () => {
    expect(acme({ canaryPercentageMinimum: 12 })).toThrow(
      'standard "acme": canaryPercentageMinimum is 12, but must be at most canaryPercentageMaximum, which is 10: change one of the two',
    );
  });

  test('a default below the minimum', () => {
    expect(acme({ canaryPercentageMinimum: 9 })).toThrow(
      'canaryPercentageMinimum is 9, but must be at most canaryPercentageDefault, which is 8',
    );
  });

  test('a default above the maximum', () => {
    expect(acme({ canaryPercentageMaximum: 7 })).toThrow(
      'canaryPercentageDefault is 8, but must be at most canaryPercentageMaximum, which is 7',
    );
  });

  test('a maximum above what one region may give', () => {
    expect(acme({ canaryRegionMaximum: 9 })).toThrow(
      'canaryPercentageMaximum is 10, but must be at most canaryRegionMaximum, which is 9',
    );
  });

  test.each([0, 100, 12.5])('a canaryRegionMaximum of %p', (canaryRegionMaximum) => {
    expect(acme({ canaryRegionMaximum })).toThrow(
      `standard "acme": canaryRegionMaximum is ${canaryRegionMaximum}, but must be a whole number of 1–99`,
    );
  });

  test('a traffic cycle of nothing', () => {
    expect(acme({ trafficCycleMinimum: Duration.minutes(0) })).toThrow(
      'standard "acme": trafficCycleMinimum is 0 min, but must be at least 1',
    );
  });

  test('a traffic cycle default below the minimum', () => {
    expect(acme({ trafficCycleMinimum: Duration.hours(25) })).toThrow(
      'trafficCycleMinimum is 1500 min, but must be at most trafficCycleDefault, which is 1440 min',
    );
  });

  test('a traffic cycle that is longer than a pipeline waits', () => {
    expect(acme({ trafficCycleDefault: Duration.days(7) })).toThrow(
      'trafficCycleDefault is 10080 min, but must be at most the longest traffic cycle, which is 8640 min',
    );
  });

  test('a first bake default below the minimum', () => {
    expect(acme({ firstBakeMinimum: Duration.hours(13) })).toThrow(
      'firstBakeMinimum is 780 min, but must be at most firstBakeDefault, which is 720 min',
    );
  });

  test('a bake default below the minimum', () => {
    expect(acme({ bakeDefault: Duration.minutes(20) })).toThrow(
      'bakeMinimum is 30 min, but must be at most bakeDefault, which is 20 min',
    );
  });

  test.each(['firstBakeDefault', 'bakeDefault'])('a %s that does not fit into an action of a pipeline', (property) => {
    expect(acme({ [property]: Duration.days(7) })).toThrow(
      `${property} is 10080 min, but must be at most the longest wave, which is 9900 min`,
    );
  });

  test.each([
    'trafficCycleMinimum',
    'trafficCycleDefault',
    'firstBakeMinimum',
    'firstBakeDefault',
    'bakeMinimum',
    'bakeDefault',
  ])('a %s that is not whole minutes', (property) => {
    expect(acme({ [property]: Duration.seconds(90) })).toThrow(
      `standard "acme": ${property} is 90 s, but must be whole minutes: round it to 2 min`,
    );
  });

  test('a duration that is a token', () => {
    const bakeDefault = Duration.minutes(Lazy.number({ produce: () => 60 }));
    expect(acme({ bakeDefault })).toThrow('standard "acme": bakeDefault is a token');
  });

  test('no kind of staging', () => {
    expect(acme({ stagingKinds: [] })).toThrow(
      'standard "acme": stagingKinds is empty, but every service has a staging: allow at least one kind',
    );
  });

  test('a required check with an impossible name', () => {
    expect(acme({ requiredChecks: ['security scan'] })).toThrow(
      'standard "acme": requiredChecks has "security scan", which cannot name a check',
    );
  });
});
