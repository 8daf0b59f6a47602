import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Duration, type Stack } from 'aws-cdk-lib';
import { DeploymentStandard, ProductionRollout, Staging, Workload } from '../../constructs';
import { inRegion, makeFunction, Shop, STAGING_ENV, synthesize, testApp } from '../helpers/fixture';

const README = readFileSync(path.join(__dirname, '..', '..', 'README.md'), 'utf8');

/** Any region of the right form will do: nothing looks them up. */
const regions = (count: number) => Array.from({ length: count }, (_, i) => inRegion(`eu-west-${i + 1}`, 1));

const withRegions = (count: number) =>
  synthesize({ regions: regions(count), production: ProductionRollout.allAtOnce() });

const withFunctions = (count: number) => {
  const names = Array.from({ length: count }, (_, i) => `f${i}`);
  const define = (stack: Stack) =>
    Workload.lambdas(Object.fromEntries(names.map((name) => [name, makeFunction(stack, name)])));
  return synthesize({
    microservice: new Shop('shop', define),
    regions: regions(1),
    production: ProductionRollout.allAtOnce(),
  });
};

const withCycle = (trafficCycle: Duration) => synthesize({ canary: { trafficCycle } });

const withSteps = (minutes: number) =>
  synthesize({
    production: ProductionRollout.byPercentage({ stepPercentage: 50, interval: Duration.minutes(minutes) }),
  });

const withStagingBake = (bake: Duration) => synthesize({ staging: Staging.full({ env: STAGING_ENV, bake }) });

/** A canary of an hour. */
const withBake = (bake: Duration) =>
  synthesize({ canary: { trafficCycle: Duration.hours(1) }, production: ProductionRollout.allAtOnce({ bake }) });

const withBlackouts = (count: number) => {
  const app = testApp();
  const blackouts = Array.from({ length: count }, (_, i) => ({
    from: `${2100 + i}-12-24T00:00Z`,
    to: `${2100 + i}-12-27T00:00Z`,
    reason: 'a reason that is neither long nor short, but usual',
  }));
  DeploymentStandard.set(app, new DeploymentStandard({ blackouts }));
  return synthesize({}, app);
};

/** A row of the README, the last possible value, the first refused value, and the words that refuse it. */
const LIMITS: { says: string; possible: () => unknown; beyond: () => unknown; refusal: string }[] = [
  {
    says: '| Name of a microservice | 30 lower-case letters',
    possible: () => new Shop('a'.repeat(30)),
    beyond: () => new Shop('a'.repeat(31)),
    refusal: 'must be 1 to 30 lower-case letters',
  },
  {
    says: '| Functions of a microservice | 12,',
    possible: () => withFunctions(12),
    beyond: () => withFunctions(13),
    refusal: 'at most 12 are released together',
  },
  {
    says: '| Production regions | 47 with one stack per environment',
    possible: () => withRegions(47),
    beyond: () => withRegions(48),
    refusal: 'CodePipeline allows 50 actions in each',
  },
  {
    says: '| Traffic cycle | 6 days |',
    possible: () => withCycle(Duration.days(6)),
    beyond: () => withCycle(Duration.minutes(6 * 24 * 60 + 1)),
    refusal: 'at most 8640 min (6 days)',
  },
  {
    says: '2,880 min together',
    possible: () => withSteps(2_880),
    beyond: () => withSteps(2_881),
    refusal: 'at most 2880',
  },
  {
    says: "| Staging's bake | 7 days less three hours |",
    possible: () => withStagingBake(Duration.hours(7 * 24 - 3)),
    beyond: () => withStagingBake(Duration.minutes(7 * 24 * 60 - 179)),
    refusal: "left of a pipeline action's seven days",
  },
  {
    says: '| A release in production: traffic cycle, shifts, bakes and waits together | 7 days less three hours;',
    possible: () => withBake(Duration.hours(7 * 24 - 4)),
    beyond: () => withBake(Duration.minutes(7 * 24 * 60 - 239)),
    refusal: 'must end within seven days',
  },
  {
    says: '| 3,000 bytes, about 20 blackouts |',
    possible: () => withBlackouts(20),
    beyond: () => withBlackouts(30),
    refusal: 'but at most 3000 fit',
  },
];

describe.each(LIMITS)('README: $says', ({ says, possible, beyond, refusal }) => {
  test('is what it says', () => {
    expect(README).toContain(says);
  });

  test('is possible', () => {
    expect(possible).not.toThrow();
  });

  test('is the limit', () => {
    expect(beyond).toThrow(refusal);
  });
});
