import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { broken, sentencesOf } from './language/sentences';

const ROOT = path.join(__dirname, '..');
/** This file quotes what it forbids. */
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], { cwd: ROOT })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && file !== 'test/language.test.ts');

const areaOf = (file: string): string => path.posix.dirname(file).split('/').slice(0, 2).join('/');
const AREAS = [...new Set(FILES.map(areaOf))].toSorted();

const findings = (source: string): readonly string[] =>
  sentencesOf(source).flatMap((sentence) =>
    broken(sentence).map((rule) => `${sentence.line}: ${rule}: ${sentence.text}`),
  );

test.each(AREAS)('every sentence in %s is plain', (area) => {
  const found = FILES.filter((file) => areaOf(file) === area).flatMap((file) =>
    findings(readFileSync(path.join(ROOT, file), 'utf8')).map((finding) => `${file}:${finding}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ['a docstring', '/** What a region serves. */ const a = 1;'],
  ['the second sentence of a docstring', '/** Reads it.\n * Since it is late. */ const a = 1;'],
  ['a tag', '/**\n * Reads it.\n *\n * @returns what it told\n */ const a = 1;'],
  ['a comment', 'const a = 1; // The gate is asked.'],
  ['a comment in a function', 'function f() {\n  // That is all.\n}'],
  ['a message', "throw new Error('the ledger could not be asked');"],
  ['a message with values', 'const a = `release ${b} was told ${c}`;'],
  ['the name of a test', "test('tells', () => {});"],
  ['the name of a table of tests', "test.each([1])('asks %s', () => {});"],
  ['a long sentence', `// ${'word '.repeat(31)}`],
])('a violation in %s is found', (_where, source) => {
  expect(findings(source)).toHaveLength(1);
});

test.each([
  ['code', '/** Reads `ask` and "tell". */ const told = ask();'],
  ['short strings', "const a = { told: 'was told' };"],
  ['imports', "import { a } from 'what is asked of it';"],
  ['thirty words', `// ${'word '.repeat(30)}`],
])('%s break no rule', (_what, source) => {
  expect(findings(source)).toEqual([]);
});
