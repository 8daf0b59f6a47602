import { type AskedWave, type BakeBounds, checkReleaseFits, planWaves, shiftMinutes } from '../../../lib/plan/waves';

const BOUNDS: BakeBounds = { standard: 'acme', firstMinimum: 60, firstDefault: 720, minimum: 30, default: 120 };
const planning =
  (waves: AskedWave[], regions = ['a', 'b'], bounds = BOUNDS) =>
  () =>
    planWaves(waves, regions, bounds);
const both = (wave: Partial<AskedWave>): AskedWave => ({ regions: ['a', 'b'], ...wave });

describe('planWaves', () => {
  test('bakes 12 h after the first wave and 2 h after later ones, if the standard says so', () => {
    const waves = planWaves([{ regions: ['b'] }, { regions: ['a'] }], ['a', 'b'], BOUNDS);
    expect(waves.map((wave) => wave.bakeMinutes)).toEqual([720, 120]);
  });

  test('names waves by their places', () => {
    const waves = planWaves([{ regions: ['b'] }, { regions: ['a'] }], ['a', 'b'], BOUNDS);
    expect(waves.map((wave) => wave.name)).toEqual(['Wave1', 'Wave2']);
  });

  test('plans a wave without a bake where the standard requires none', () => {
    const [wave] = planWaves([both({ bakeMinutes: 0 })], ['a', 'b'], { ...BOUNDS, firstMinimum: 0 });
    expect(wave.bakeMinutes).toBe(0);
  });

  test.each([
    [25, 10, 30],
    [30, 10, 30],
    [99, 10, 10],
    [50, 2880, 2880],
  ])('counts for steps of %p %%, %p min apart, a shift of %p min', (percentage, intervalMinutes, minutes) => {
    expect(shiftMinutes({ percentage, intervalMinutes })).toBe(minutes);
  });

  test('allows a shift as long as CodeDeploy does', () => {
    expect(planning([both({ steps: { percentage: 50, intervalMinutes: 2_880 } })])).not.toThrow();
  });

  test('allows a wave as long as the pipeline can wait for', () => {
    expect(planning([both({ bakeMinutes: 9_900 })])).not.toThrow();
  });
});

describe('a release', () => {
  const waves = planWaves(
    [
      { regions: ['a'], steps: { percentage: 25, intervalMinutes: 10 } },
      { name: 'Rest', regions: ['b'] },
    ],
    ['a', 'b'],
    BOUNDS,
  );

  test('may take seven days less three hours in all', () => {
    expect(() => checkReleaseFits(9_900 - 30 - 720 - 120, waves)).not.toThrow();
  });

  test('that takes longer is an error that names its parts', () => {
    expect(() => checkReleaseFits(9_031, waves)).toThrow(
      'A release takes 9901 min in production, but must end within seven days, of which three hours are left for publishing, starting ' +
        'and settling: at most 9900. 9031 of canary.trafficCycle, 750 of wave Wave1 (30 of shift and 720 of bake), ' +
        '120 of wave Rest (0 of shift and 120 of bake): shorten canary.trafficCycle, bakes or intervals, or put regions together into fewer waves',
    );
  });
});

describe('wrong input is an error that says what to change', () => {
  test('no waves', () => {
    expect(planning([])).toThrow(
      'production has no waves, but every region must be in one: add a wave with the regions',
    );
  });

  test('a wave without regions', () => {
    expect(planning([both({}), { name: 'Empty', regions: [] }])).toThrow(
      "production's wave Empty has no regions: name at least one, or remove the wave",
    );
  });

  test.each(['', 'a b', '-a', 'ä', 'a'.repeat(51)])('the name %p', (name) => {
    expect(planning([both({ name })])).toThrow(
      `production.waves[0].name is ${JSON.stringify(name)}, but must be 1–50 letters, digits, "_" and "-"`,
    );
  });

  test.each(['canary', 'Staging', 'CANARY', 'CompleteRelease'])(
    'the name %p, which is that of another rollout or action',
    (name) => {
      expect(planning([both({ name })])).toThrow(
        `production.waves[0].name is "${name}", but that is the name of another rollout or action: rename the wave, for example "Wave1"`,
      );
    },
  );

  test('two waves of the same name', () => {
    const waves = [
      { name: 'EU', regions: ['a'] },
      { name: 'eu', regions: ['b'] },
    ];
    expect(planning(waves)).toThrow(
      'production.waves[1].name is "eu", but production.waves[0] is called "EU": rename one',
    );
  });

  test('a name that another wave has by its place', () => {
    expect(planning([{ name: 'Wave2', regions: ['a'] }, { regions: ['b'] }])).toThrow(
      'production.waves[1].name is "Wave2", but production.waves[0] is called "Wave2"',
    );
  });

  test('a region in no wave', () => {
    expect(planning([{ regions: ['a'] }], ['a', 'b', 'c'])).toThrow(
      'production has no wave for b, c: add every region',
    );
  });

  test('a region in two waves', () => {
    expect(planning([both({}), { regions: ['a'] }])).toThrow(
      "production's wave Wave2 has a, but wave Wave1 has it too",
    );
  });

  test('a region twice in a wave', () => {
    expect(planning([both({ regions: ['a', 'b', 'a'] })])).toThrow(
      "production's wave Wave1 has a, but it has it twice",
    );
  });

  test('a region outside of production', () => {
    expect(planning([both({ regions: ['a', 'b', 'c'] })])).toThrow(
      "production's wave Wave1 has c, but the production regions are a, b: remove it from the wave, or add it to regions",
    );
  });

  test.each([0, 100, 12.5, -25, Number.NaN])('steps of %p %%', (percentage) => {
    expect(planning([both({ steps: { percentage, intervalMinutes: 10 } })])).toThrow(
      `production's wave Wave1 has the stepPercentage ${percentage}, but must have a whole number of 1–99`,
    );
  });

  test.each([0, 1.5, -1])('an interval of %p min', (intervalMinutes) => {
    expect(planning([both({ steps: { percentage: 25, intervalMinutes } })])).toThrow(
      `production's wave Wave1 has an interval of ${intervalMinutes} min, but at least 1 whole minute is needed`,
    );
  });

  test('a shift that is longer than CodeDeploy allows', () => {
    expect(planning([both({ steps: { percentage: 25, intervalMinutes: 961 } })])).toThrow(
      "production's wave Wave1 shifts for 2883 min (steps of 25 %, 961 min apart), but CodeDeploy allows at most 2880",
    );
  });

  test('a bake below the minimum after the first wave', () => {
    expect(planning([both({ bakeMinutes: 59 })])).toThrow(
      'standard "acme": production\'s wave Wave1 has a bake of 59 min, but at least 60 min are required after the first wave: lengthen ' +
        'bake, or have the owners of the standard lower firstBakeMinimum',
    );
  });

  test('a bake below the minimum after a later wave', () => {
    expect(planning([{ regions: ['a'] }, { regions: ['b'], bakeMinutes: 29 }])).toThrow(
      'standard "acme": production\'s wave Wave2 has a bake of 29 min, but at least 30 min are required: lengthen bake, or have the ' +
        'owners of the standard lower bakeMinimum',
    );
  });

  test('a wave that is longer than the pipeline can wait for', () => {
    expect(planning([both({ steps: { percentage: 25, intervalMinutes: 10 }, bakeMinutes: 10_000 })])).toThrow(
      "production's wave Wave1 takes 10030 min (30 of shift and 10000 of bake), but at most 9900 are left",
    );
  });
});
