import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { GateStage } from '../constructs';
import { BoundGateCheck, type GateCheck } from '../constructs/gate/gate-check';
import { CHECK_KINDS } from '../lib/gate/checks';
import { readGateConfig } from '../lib/gate/config';
import { evaluate } from '../lib/gate/evaluate';
import { sources } from './architecture/house';
import { PARAMETER, type StormOptions, storm as stormBinding } from './gate-check-kinds/constructs-storm';
import { storm } from './gate-check-kinds/lib-storm';
import { synthesize } from './helpers/fixture';
import { aCandidate } from './lib/gate/candidate';

const ROOT = path.join(__dirname, '..');

/** Checks that every pipeline has, so that its code names their kinds. */
const ALWAYS_THERE: readonly string[] = ['FREEZE', 'OPEN_ALARMS'];

/** The line in the list of the gate. */
const KINDS = [...CHECK_KINDS, storm];

/** The line in the list of the constructs: a factory, as `GateCheck` has one for each kind. */
const stormCheck = (options: StormOptions): GateCheck => new BoundGateCheck(stormBinding(options));

describe('a new kind of check, of two files and two lines,', () => {
  const check = stormCheck({ maxWind: 20, stages: [GateStage.CANARY] });
  const { template } = synthesize({ gateChecks: [check] });
  const [handler] = Object.values(
    template.findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { GATE: Match.anyValue() } } },
    }),
  );
  const source: string = handler.Properties.Environment.Variables.GATE;

  test.each([
    [19, 'PASS', false],
    [21, 'FAIL', true],
  ])('gives its verdict at a wind of %d m/s: %s', async (wind, verdict, blocks) => {
    const { checks } = readGateConfig(source, 'GATE', KINDS);
    const stored = { value: String(wind), version: 1, modifiedAt: '2026-11-20T11:00:00.000Z' };
    const candidate = aCandidate({
      checks,
      parameters: async (names) => new Map(names.filter((name) => name === PARAMETER).map((name) => [name, stored])),
      served: async () => ({ served: [], neverServed: [] }),
    });
    const judged = await evaluate(candidate, KINDS);
    expect(judged.map(({ finding }) => `${finding.verdict} ${finding.check}`)).toEqual([
      'PASS freeze',
      'PASS open alarms',
      `${verdict} storm`,
    ]);
    const reason = `wind of ${wind} m/s, at most 20 m/s are allowed`;
    expect(judged[2]).toEqual({ blocks, finding: { check: 'storm', verdict, reason } });
  });

  test('may read its parameter, and is evaluated again when that changes', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'shop-us-west-2-gate-handler',
      Policies: [
        {
          PolicyDocument: {
            Statement: Match.arrayWith([
              Match.objectLike({
                Action: 'ssm:GetParameters',
                Resource: { 'Fn::Join': ['', Match.arrayWith([`:ssm:us-west-2:111111111111:parameter${PARAMETER}`])] },
              }),
            ]),
          },
        },
      ],
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { $or: Match.arrayWith([{ name: Match.arrayWith([PARAMETER]) }]) } },
    });
  });

  test('is refused by a gate that does not list it', () => {
    expect(() => readGateConfig(source)).toThrow(
      'GATE.checks[2].kind must be one of ERROR_BUDGET, CADENCE, LOAD_TEST, READINESS, FREEZE, OPEN_ALARMS, CUSTOM, but is "STORM"',
    );
  });
});

describe('every kind of check', () => {
  const all = sources();
  const importersOf = (file: string) =>
    all
      .filter(({ imports }) => imports.includes(file))
      .map((each) => each.file)
      .toSorted();
  const files = readdirSync(path.join(ROOT, 'constructs/gate/checks'));

  test('is there on both sides', () => {
    expect(files).toHaveLength(CHECK_KINDS.length);
  });

  test.each(files)('%s is named by the two lists alone', (file) => {
    expect(importersOf(`lib/gate/checks/${file}`)).toEqual([
      `constructs/gate/checks/${file}`,
      'lib/gate/checks/index.ts',
    ]);
    expect(importersOf(`constructs/gate/checks/${file}`)).toEqual([
      'constructs/gate/gate-check.ts',
      'constructs/index.ts',
    ]);
  });

  test.each(CHECK_KINDS.map(({ kind }) => kind))('%s is named by its two files alone', (kind) => {
    const naming = all
      .map(({ file }) => file)
      .filter((file) => readFileSync(path.join(ROOT, file), 'utf8').includes(`'${kind}'`))
      .filter((file) => !(ALWAYS_THERE.includes(kind) && file === 'constructs/pipeline/plan-gate.ts'));
    const name = path.basename(naming[0]);
    expect(naming.toSorted()).toEqual([`constructs/gate/checks/${name}`, `lib/gate/checks/${name}`]);
  });
});
