import { Aws, Duration, Lazy, Token } from 'aws-cdk-lib';
import { DeploymentWindow } from '../../../constructs/production/deployment-window';
import { ProductionRollout } from '../../../constructs/production/production-rollout';
import type { BakeBounds } from '../../../lib/plan/waves';

const BOUNDS: BakeBounds = { standard: 'acme', firstMinimum: 60, firstDefault: 720, minimum: 30, default: 120 };
const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-2'];
const QUARTERS = { percentage: 25, intervalMinutes: 10 };
const plan = (rollout: ProductionRollout, regions = REGIONS) => rollout._plan(regions, BOUNDS);

describe('ProductionRollout', () => {
  test('allAtOnce is one wave of all regions without steps', () => {
    expect(plan(ProductionRollout.allAtOnce())).toEqual([{ name: 'Wave1', regions: REGIONS, bakeMinutes: 720 }]);
  });

  test('allAtOnce bakes as long as its option says', () => {
    expect(plan(ProductionRollout.allAtOnce({ bake: Duration.hours(3) }))[0].bakeMinutes).toBe(180);
  });

  test('byPercentage is one wave of all regions in quarters, ten minutes apart', () => {
    expect(plan(ProductionRollout.byPercentage())).toEqual([
      { name: 'Wave1', regions: REGIONS, steps: QUARTERS, bakeMinutes: 720 },
    ]);
  });

  test('byPercentage has the steps of its options', () => {
    const rollout = ProductionRollout.byPercentage({ stepPercentage: 10, interval: Duration.hours(1) });
    expect(plan(rollout)[0].steps).toEqual({ percentage: 10, intervalMinutes: 60 });
  });

  test('waves go one after the other, in steps', () => {
    const rollout = ProductionRollout.waves([['ap-southeast-2'], ['us-east-1', 'eu-west-1']], { stepPercentage: 50 });
    const steps = { percentage: 50, intervalMinutes: 10 };
    expect(plan(rollout)).toEqual([
      { name: 'Wave1', regions: ['ap-southeast-2'], steps, bakeMinutes: 720 },
      { name: 'Wave2', regions: ['us-east-1', 'eu-west-1'], steps, bakeMinutes: 120 },
    ]);
  });

  test('waves all bake as long as their option says', () => {
    const rollout = ProductionRollout.waves([['ap-southeast-2'], ['us-east-1', 'eu-west-1']], {
      bake: Duration.hours(4),
    });
    expect(plan(rollout).map((wave) => wave.bakeMinutes)).toEqual([240, 240]);
  });

  test('a wave goes its own way where the options of all waves differ', () => {
    const own = { stepPercentage: 10, interval: Duration.minutes(7), bake: Duration.hours(5) };
    const all = { stepPercentage: 50, interval: Duration.minutes(5), bake: Duration.hours(4) };
    expect(plan(ProductionRollout.namedWaves([{ regions: REGIONS, ...own }], all))).toEqual([
      { name: 'Wave1', regions: REGIONS, steps: { percentage: 10, intervalMinutes: 7 }, bakeMinutes: 300 },
    ]);
  });

  test('namedWaves can be any mixture of names, steps and all at once', () => {
    const rollout = ProductionRollout.namedWaves(
      [
        { name: 'Australia', regions: ['ap-southeast-2'], allAtOnce: true, bake: Duration.hours(1) },
        { name: 'Ireland', regions: ['eu-west-1'], stepPercentage: 10 },
        { regions: ['us-east-1'] },
      ],
      { stepPercentage: 50, interval: Duration.minutes(5) },
    );
    expect(plan(rollout)).toEqual([
      { name: 'Australia', regions: ['ap-southeast-2'], bakeMinutes: 60 },
      { name: 'Ireland', regions: ['eu-west-1'], steps: { percentage: 10, intervalMinutes: 5 }, bakeMinutes: 120 },
      { name: 'Wave3', regions: ['us-east-1'], steps: { percentage: 50, intervalMinutes: 5 }, bakeMinutes: 120 },
    ]);
  });
});

describe('windows', () => {
  const office = DeploymentWindow.businessHours('Europe/Berlin');
  const night = DeploymentWindow.cron('* 0-5 * * *', 'Asia/Tokyo');
  const OFFICE = { cron: '* 9-16 * * 1-5', timeZone: 'Europe/Berlin' };
  const NIGHT = { cron: '* 0-5 * * *', timeZone: 'Asia/Tokyo' };
  const windows = (rollout: ProductionRollout, standard?: DeploymentWindow) =>
    rollout._plan(REGIONS, BOUNDS, standard).map(({ window }) => window);
  const waves = [['ap-southeast-2'], ['us-east-1', 'eu-west-1']];

  test('are none by default', () => {
    expect(windows(ProductionRollout.waves(waves))).toEqual([undefined, undefined]);
  });

  test.each([
    ['allAtOnce', ProductionRollout.allAtOnce({ window: office }), [OFFICE]],
    ['byPercentage', ProductionRollout.byPercentage({ window: office }), [OFFICE]],
    ['waves', ProductionRollout.waves(waves, { window: office }), [OFFICE, OFFICE]],
  ])('%s has that of its options', (_what, rollout, expected) => {
    expect(windows(rollout)).toEqual(expected);
  });

  test('of a wave precede those of all waves, which precede the standard’s', () => {
    const named = [
      { regions: ['ap-southeast-2'], window: night },
      { regions: ['eu-west-1'], window: DeploymentWindow.always() },
      { regions: ['us-east-1'] },
    ];
    expect(windows(ProductionRollout.namedWaves(named, { window: office }), night)).toEqual([NIGHT, undefined, OFFICE]);
    expect(windows(ProductionRollout.namedWaves(named), office)).toEqual([NIGHT, undefined, OFFICE]);
    expect(windows(ProductionRollout.allAtOnce({ window: night }), office)).toEqual([NIGHT]);
  });
});

describe('wrong input is an error that says what to change', () => {
  const first = (wave: object) => () =>
    plan(ProductionRollout.namedWaves([{ name: 'A', regions: ['eu-west-1'], ...wave }]), ['eu-west-1']);

  test('steps for a wave that shifts all at once', () => {
    expect(first({ allAtOnce: true, stepPercentage: 10 })).toThrow(
      "production's wave A is allAtOnce and has stepPercentage, which is for steps: remove one of the two",
    );
  });

  test('an interval for a wave that shifts all at once', () => {
    expect(first({ allAtOnce: true, interval: Duration.minutes(1) })).toThrow('is allAtOnce and has interval');
  });

  test('an interval that is not whole minutes', () => {
    expect(first({ interval: Duration.seconds(30) })).toThrow(
      "the interval of production's wave A is 30 s, but must be whole minutes: round it to 1 min",
    );
  });

  test('a bake that is not whole minutes', () => {
    expect(first({ bake: Duration.seconds(3601) })).toThrow("the bake of production's wave A is 3601 s");
  });

  test('a bake of nothing, which the standard does not allow', () => {
    expect(first({ bake: Duration.minutes(0) })).toThrow('standard "acme": production\'s wave A has a bake of 0 min');
  });

  test('a bake that is a token', () => {
    const bake = Duration.minutes(Lazy.number({ produce: () => 60 }));
    expect(first({ bake })).toThrow("the bake of production's wave A is a token");
  });

  test('a step percentage that is a token', () => {
    expect(first({ stepPercentage: Token.asNumber({ Ref: 'Step' }) })).toThrow(
      "the stepPercentage of production's wave A is a token",
    );
  });

  test('a name that is a token', () => {
    expect(first({ name: Aws.STACK_NAME })).toThrow('production.waves[0].name is a token');
  });

  test('a region that is a token', () => {
    expect(first({ regions: [Aws.REGION] })).toThrow("a region of production's wave A is a token");
  });
});
