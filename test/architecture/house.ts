import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '..', '..');

/** A source file, by its path from the root of the repository, with what it imports. */
export interface Source {
  readonly file: string;
  /** Files of the repository. */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
}

/**
 * Rooms and the rooms that each may import. A room is a folder below `lib` or `constructs`; `bin` is one room.
 * The list is the law: an arrow that is not in it fails, and so does an entry that nothing uses.
 */
export const ARROWS: { readonly [room: string]: readonly string[] } = {
  // Ground.
  'lib/core': [],
  'lib/plan': ['lib/core'],
  // Adapters.
  'lib/aws': ['lib/core', 'lib/plan'],
  'lib/messages': ['lib/core', 'lib/aws'],
  'lib/ledger': ['lib/core', 'lib/plan', 'lib/aws'],
  // Features.
  'lib/workload': ['lib/core', 'lib/plan', 'lib/aws'],
  'lib/workload/lambda': ['lib/core', 'lib/plan', 'lib/aws', 'lib/workload'],
  // The one room that lists the kinds. Entry points pass it to the features, which name none.
  'lib/workload/kinds': ['lib/plan', 'lib/aws', 'lib/workload', 'lib/workload/lambda'],
  'lib/rollout': ['lib/core', 'lib/plan', 'lib/aws', 'lib/messages', 'lib/ledger', 'lib/workload'],
  'lib/rollback': ['lib/core', 'lib/plan', 'lib/aws', 'lib/messages', 'lib/ledger', 'lib/workload', 'lib/rollout'],
  'lib/budget': ['lib/core', 'lib/plan', 'lib/aws', 'lib/workload/kinds'],
  'lib/gate': ['lib/core', 'lib/plan', 'lib/aws', 'lib/messages', 'lib/ledger', 'lib/budget'],
  // Entry points.
  'lib/handlers': [
    'lib/core',
    'lib/aws',
    'lib/messages',
    'lib/ledger',
    'lib/workload/lambda',
    'lib/workload/kinds',
    'lib/rollout',
    'lib/rollback',
    'lib/gate',
  ],
  'lib/cli': ['lib/core', 'lib/workload/kinds', 'lib/rollback', 'lib/budget'],
  // Constructs.
  'constructs/core': [],
  'constructs/messages': [],
  'constructs/rollback': ['lib/plan'],
  'constructs/canary': ['constructs/core', 'lib/plan'],
  'constructs/production': ['constructs/core', 'lib/plan'],
  'constructs/staging': ['constructs/core', 'lib/plan'],
  'constructs/environment': ['constructs/staging', 'lib/plan'],
  'constructs/monitoring': ['constructs/environment'],
  'constructs/workload/lambda': [
    'constructs/core',
    'constructs/environment',
    'constructs/monitoring',
    'lib/plan',
    'lib/workload/lambda',
  ],
  'constructs/workload': ['constructs/environment', 'constructs/workload/lambda'],
  'constructs/microservice': [
    'constructs/core',
    'constructs/environment',
    'constructs/staging',
    'constructs/workload',
    'lib/plan',
  ],
  'constructs/ledger': ['constructs/core', 'constructs/messages', 'lib/plan'],
  'constructs/rollout': ['constructs/core', 'constructs/ledger', 'constructs/messages', 'lib/plan', 'lib/rollout'],
  'constructs/gate': ['constructs/core', 'constructs/messages', 'lib/core', 'lib/plan', 'lib/budget', 'lib/gate'],
  'constructs/standard': [
    'constructs/canary',
    'constructs/core',
    'constructs/gate',
    'constructs/production',
    'constructs/staging',
    'constructs/workload',
    'lib/core',
    'lib/plan',
  ],
  'constructs/pipeline': [
    'constructs/canary',
    'constructs/core',
    'constructs/environment',
    'constructs/gate',
    'constructs/ledger',
    'constructs/messages',
    'constructs/microservice',
    'constructs/production',
    'constructs/rollback',
    'constructs/rollout',
    'constructs/staging',
    'constructs/standard',
    'lib/gate',
    'lib/plan',
  ],
  bin: ['constructs', 'lib/cli'],
};

/**
 * Words of Lambda as a kind of workload. A file that uses them cannot serve another kind. Words for the functions of
 * the library itself (`lambda.Function`, `LambdaStep`) are not among them.
 */
const LAMBDA_WORDS = new RegExp(
  [
    '\\balias(?:es)?\\b|aliasName|AdditionalVersionWeights',
    'AWS::Lambda::|AWS/Lambda|@aws-sdk/client-lambda',
    'LambdaDeploymentConfig|CodeDeployDefault\\.Lambda',
    'ExecutedVersion|functionVersion|provisioned ?concurrency',
    'lambda(?:Revision|Target|Kind|Plan)\\b',
  ].join('|'),
  'i',
);

/** Rooms of the kind itself. */
const LAMBDA_ROOMS = ['lib/workload/lambda', 'constructs/workload/lambda'];

/** Files outside of them that may use its words, and why. */
export const LAMBDA_FILES: { readonly [file: string]: string } = {
  'lib/workload/kinds/kinds.ts': 'composition: maps the kind to its implementation',
  'lib/workload/kinds/targets.ts': 'composition: maps the kind to its implementation',
  'constructs/workload/workload.ts': 'the public class that makes workloads of every kind',
  'lib/aws/lambda.ts': 'invokes a function that is no workload',
  'lib/gate/invoke-function.ts': 'invokes a function of the team that answers a gate, no workload',
  'constructs/gate/checks/custom.ts': 'a function of the team that answers a gate, no workload',
};

/** Words of Lambda in files that serve every kind of workload: one line for each file. */
export function lambdaWords(file: string, text: string): readonly string[] {
  if (!/^(lib|constructs)\//.test(file) || LAMBDA_ROOMS.includes(roomOf(file) ?? '')) return [];
  const found = LAMBDA_WORDS.exec(text)?.[0];
  return found === undefined ? [] : [`${file} says "${found}"`];
}

/** Packages of a floor above, which rooms of a floor below may not import. */
const isCdk = (name: string): boolean => /^(aws-cdk-lib|constructs|cdk-nag)(\/|$)/.test(name);
/** Optional for users of the library. */
const isCdkNag = (name: string): boolean => /^cdk-nag(\/|$)/.test(name);
const isAwsSdk = (name: string): boolean => /^(@aws-sdk|@smithy)\//.test(name);

/** Rooms that may import the AWS SDK. A handler may call the service that invokes it. */
const SDK_ROOMS = ['lib/aws', 'lib/workload/lambda', 'lib/handlers'];

/** Files outside of them that may import it, and why. */
export const SDK_FILES: { readonly [file: string]: string } = {
  'lib/ledger/table.ts': 'reads and writes the items of the ledger',
  'lib/ledger/update.ts': 'formats conditional writes of the ledger, and reads their errors',
};

/** Files of `lib` that import the AWS SDK outside of the rooms that may, each once. */
export function sdkFiles(all: readonly Source[]): readonly string[] {
  return all
    .filter(({ file, packages }) => file.startsWith('lib/') && packages.some(isAwsSdk))
    .map(({ file }) => file)
    .filter((file) => !SDK_ROOMS.includes(roomOf(file) ?? ''));
}

/** A handler's file parses, calls and reports; a longer one decides. Counted in branches, catches and logical operators. */
const MAX_BRANCHES_OF_A_HANDLER = 4;

/** Room of a file; undefined for the list of public exports, which may import every construct. */
export function roomOf(file: string): string | undefined {
  const [top, room, kind, ...rest] = file.split('/');
  if (top === 'bin') return 'bin';
  if (room?.endsWith('.ts')) return top;
  return room === 'workload' && rest.length > 0 ? `${top}/workload/${kind}` : `${top}/${room}`;
}

/** Lists the imports of a file, types included. */
export function sourceOf(file: string, text: string): Source {
  const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const isRelative = (name: string) => name.startsWith('.');
  return {
    file,
    imports: names.filter(isRelative).map((name) => resolved(path.join(path.dirname(file), name))),
    packages: names.filter((name) => !isRelative(name)),
  };
}

const resolved = (target: string): string =>
  [target, `${target}.ts`, `${target}/index.ts`].find(
    (file) => file.endsWith('.ts') && existsSync(path.join(ROOT, file)),
  ) ?? `${target}.ts`;

/** All sources below `lib`, `constructs` and `bin`. */
export function sources(): readonly Source[] {
  return ['lib', 'constructs', 'bin'].flatMap((top) =>
    readdirSync(path.join(ROOT, top), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.posix.join(top, file.split(path.sep).join('/')))
      .map((file) => sourceOf(file, readFileSync(path.join(ROOT, file), 'utf8'))),
  );
}

/** Arrows that the list does not allow, and what a floor may not know: one line each. */
export function violations(all: readonly Source[]): readonly string[] {
  return all.flatMap(({ file, imports, packages }) => {
    const room = roomOf(file);
    if (room === 'constructs') return [];
    const allowed = room === undefined ? undefined : ARROWS[room];
    if (!allowed) return [`${file}: ${room} is no room of the house`];
    const arrows = imports.filter((target) => {
      const to = roomOf(target);
      return to !== room && (to === undefined || !allowed.includes(to));
    });
    const foreign = packages.filter(
      (name) =>
        (file.startsWith('lib/') && isCdk(name)) ||
        (file.startsWith('constructs/') && (isAwsSdk(name) || isCdkNag(name))) ||
        (/^lib\/(core|plan)\//.test(file) && isAwsSdk(name)),
    );
    return [...arrows, ...foreign].map((target) => `${file} imports ${target}`);
  });
}

/** Allowed arrows that no file uses: the list says no more than the code. */
export function unusedArrows(all: readonly Source[]): readonly string[] {
  const used = new Set(
    all.flatMap(({ file, imports }) => imports.map((target) => `${roomOf(file)} -> ${roomOf(target)}`)),
  );
  return Object.entries(ARROWS).flatMap(([room, targets]) =>
    targets.map((target) => `${room} -> ${target}`).filter((arrow) => !used.has(arrow)),
  );
}

/** Circles among the files, or among the rooms, each as the list of its members. */
export function cycles(arrows: readonly (readonly [from: string, to: string])[]): readonly (readonly string[])[] {
  const targets = new Map<string, string[]>();
  for (const [from, to] of arrows) {
    if (from !== to) targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) as number);
    stack.push(node);
    for (const target of targets.get(node) ?? []) {
      if (!index.has(target)) visit(target);
      if (stack.includes(target)) low.set(node, Math.min(low.get(node) as number, low.get(target) as number));
    }
    if (low.get(node) !== index.get(node)) return;
    const members = stack.splice(stack.indexOf(node));
    if (members.length > 1) found.push(members.toSorted());
  };
  for (const node of targets.keys()) if (!index.has(node)) visit(node);
  return found;
}

export const fileArrows = (all: readonly Source[]): readonly (readonly [string, string])[] =>
  all.flatMap(({ file, imports }) => imports.map((target) => [file, target] as const));

export const roomArrows = (all: readonly Source[]): readonly (readonly [string, string])[] =>
  fileArrows(all).flatMap(([from, to]) => {
    const [a, b] = [roomOf(from), roomOf(to)];
    return a && b ? [[a, b] as const] : [];
  });

/** Functions of a handler's file with more branches than a thin handler needs. */
export function decisionsIn(file: string, text: string): readonly string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const branches = (node: ts.Node): number => {
    let sum = isBranch(node) ? 1 : 0;
    node.forEachChild((child) => {
      sum += branches(child);
    });
    return sum;
  };
  source.forEachChild((node) => {
    const count = branches(node);
    if (count > MAX_BRANCHES_OF_A_HANDLER) found.push(`${file}: ${count} branches in ${node.getText().split('\n')[0]}`);
  });
  return found;
}

const LOGICAL: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
];

const isBranch = (node: ts.Node): boolean =>
  ts.isCatchClause(node) ||
  (ts.isBinaryExpression(node) && LOGICAL.includes(node.operatorToken.kind)) ||
  ts.isIfStatement(node) ||
  ts.isConditionalExpression(node) ||
  ts.isCaseClause(node) ||
  ts.isIterationStatement(node, false);
