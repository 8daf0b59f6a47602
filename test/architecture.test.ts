import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import {
  cycles,
  decisionsIn,
  fileArrows,
  LAMBDA_FILES,
  lambdaWords,
  roomArrows,
  SDK_FILES,
  type Source,
  sdkFiles,
  sourceOf,
  sources,
  unusedArrows,
  violations,
} from './architecture/house';

const ALL = sources();
const read = (file: string): string => readFileSync(path.join(__dirname, '..', file), 'utf8');

/** Debts: they may only shrink. */
const FORBIDDEN_ARROWS: readonly string[] = [];
const FILE_CYCLES: readonly (readonly string[])[] = [];
const ROOM_CYCLES: readonly (readonly string[])[] = [];
const HANDLERS_THAT_DECIDE: readonly string[] = [];

describe('the house', () => {
  test('has no arrow that the list does not allow', () => {
    expect(violations(ALL).toSorted()).toEqual(FORBIDDEN_ARROWS.toSorted());
  });

  test('uses every arrow that the list allows', () => {
    expect(unusedArrows(ALL)).toEqual([]);
  });

  test('has no cycle between files', () => {
    expect(cycles(fileArrows(ALL)).toSorted()).toEqual(FILE_CYCLES.toSorted());
  });

  test('has no cycle between rooms', () => {
    expect(cycles(roomArrows(ALL))).toEqual(ROOM_CYCLES);
  });

  test('has handlers that decide nothing', () => {
    const handlers = ALL.map(({ file }) => file).filter((file) => file.startsWith('lib/handlers/'));
    expect(handlers.length).toBeGreaterThan(5);
    const deciding = handlers.filter((file) => decisionsIn(file, read(file)).length > 0);
    expect(deciding).toEqual(HANDLERS_THAT_DECIDE.map((name) => `lib/handlers/${name}.ts`));
  });

  test('names Lambda workloads only in the rooms of that kind, and in files that are named', () => {
    const speaking = ALL.map(({ file }) => file).filter((file) => lambdaWords(file, read(file)).length > 0);
    expect(speaking.toSorted()).toEqual(Object.keys(LAMBDA_FILES).toSorted());
  });

  test('imports the AWS SDK only in the adapters, the rooms of a kind, the handlers, and files that are named', () => {
    expect(sdkFiles(ALL).toSorted()).toEqual(Object.keys(SDK_FILES).toSorted());
  });
});

/** One source that does not belong, planted among those that are there. */
const planted = (file: string, text: string): readonly Source[] => [...ALL, sourceOf(file, text)];

describe('a planted violation is found:', () => {
  const ARROWS_THAT_ARE_WRONG: readonly (readonly [what: string, file: string, text: string, found: string])[] = [
    ['the ground imports a feature', 'lib/core/a.ts', "import '../gate/report';", 'lib/gate/report.ts'],
    ['the plan imports the ledger', 'lib/plan/a.ts', "import '../ledger/items';", 'lib/ledger/items.ts'],
    [
      'an adapter imports a feature',
      'lib/aws/a.ts',
      "import type { X } from '../rollout/state';",
      'lib/rollout/state.ts',
    ],
    [
      'a rollout imports a rollback',
      'lib/rollout/a.ts',
      "import '../rollback/decide-begin';",
      'lib/rollback/decide-begin.ts',
    ],
    ['a budget imports the gate', 'lib/budget/a.ts', "export * from '../gate/config';", 'lib/gate/config.ts'],
    ['lib imports a construct', 'lib/gate/a.ts', "import '../../constructs/gate/gate';", 'constructs/gate/gate.ts'],
    ['lib imports CDK', 'lib/plan/a.ts', "import { Duration } from 'aws-cdk-lib';", 'aws-cdk-lib'],
    ['a construct imports a client', 'constructs/gate/a.ts', "import '@aws-sdk/client-sns';", '@aws-sdk/client-sns'],
    [
      'a construct imports a rule of cdk-nag',
      'constructs/pipeline/a.ts',
      "import rule from 'cdk-nag/lib/rules/iam/IAMNoWildcardPermissions';",
      'cdk-nag/lib/rules/iam/IAMNoWildcardPermissions',
    ],
    ['a file stands in no room', 'lib/loose.ts', '', 'lib is no room of the house'],
  ];

  test.each(ARROWS_THAT_ARE_WRONG)('%s', (_what, file, text, found) => {
    const added = violations(planted(file, text)).filter((line) => !FORBIDDEN_ARROWS.includes(line));
    expect(added).toEqual([expect.stringContaining(found)]);
  });

  test('two files import each other', () => {
    const pair = [
      { file: 'lib/core/a.ts', imports: ['lib/core/b.ts'], packages: [] },
      { file: 'lib/core/b.ts', imports: ['lib/core/a.ts'], packages: [] },
    ];
    expect(cycles(fileArrows([...ALL, ...pair]))).toContainEqual(['lib/core/a.ts', 'lib/core/b.ts']);
  });

  test('two rooms import each other', () => {
    const up = planted('lib/core/a.ts', "import '../plan/names';");
    expect(cycles(roomArrows(up))).toContainEqual(['lib/core', 'lib/plan']);
  });

  test('a handler decides', () => {
    const text = `function decide(x: number) { ${'if (x > 1) { x -= 1; }'.repeat(5)} return x; }`;
    expect(decisionsIn('lib/handlers/a.ts', text)).toHaveLength(1);
  });

  test.each([
    ['an alias', "const name = 'the alias of the function';"],
    ['a Lambda metric', "const namespace = 'AWS/Lambda';"],
    ['one version behind an alias', 'const dimensions = { ExecutedVersion: version };'],
    ['a deployment configuration', "const config = 'CodeDeployDefault.LambdaAllAtOnce';"],
    ['a client', "import { LambdaClient } from '@aws-sdk/client-lambda';"],
    ['a resource', "if (type === 'AWS::Lambda::Version') refuse();"],
    ['the kind', "import { lambdaTarget } from '../workload/lambda/target';"],
  ])('a file of every kind says %s', (_what, text) => {
    expect(lambdaWords('lib/rollout/a.ts', text)).toEqual([expect.stringMatching(/^lib\/rollout\/a\.ts says "/)]);
    expect(lambdaWords('constructs/rollout/a.ts', text)).toHaveLength(1);
    expect(lambdaWords('lib/workload/lambda/a.ts', text)).toEqual([]);
  });

  test.each([
    ['a client', "import { SNSClient } from '@aws-sdk/client-sns';"],
    ['a type of a client', "import type { StageState } from '@aws-sdk/client-codepipeline';"],
    ['a part of the SDK', "export * from '@smithy/types';"],
    ['a client, late', "const late = () => import('@aws-sdk/client-ssm');"],
  ])('a feature imports %s', (_what, text) => {
    const file = 'lib/gate/a.ts';
    expect(sdkFiles(planted(file, text)).filter((found) => !(found in SDK_FILES))).toEqual([file]);
    for (const room of ['lib/aws', 'lib/handlers', 'lib/workload/lambda/publish']) {
      expect(sdkFiles([sourceOf(`${room}/a.ts`, text)])).toEqual([]);
    }
  });

  test('the list allows what nothing uses', () => {
    expect(unusedArrows(ALL.filter(({ file }) => !file.startsWith('lib/cli/')))).toContain('lib/cli -> lib/rollback');
  });
});
