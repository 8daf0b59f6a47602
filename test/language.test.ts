import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { sentencesOfProse } from './language/prose';
import { broken, type Sentence, sentencesOf } from './language/sentences';

const ROOT = path.join(__dirname, '..');

const list = (...patterns: readonly string[]): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], { cwd: ROOT })
    .toString()
    .split('\n')
    .filter((file) => file !== '');

/** This file quotes what it forbids. */
const FILES = list('*.ts').filter((file) => file !== 'test/language.test.ts');
/** docs/api.md is generated from docstrings. */
const DOCUMENTS = list('README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/*.md', 'test/local-aws/README.md').filter(
  (file) => file !== 'docs/api.md',
);

const areaOf = (file: string): string => path.posix.dirname(file).split('/').slice(0, 2).join('/');
const AREAS = [...new Set(FILES.map(areaOf))].toSorted();

const brokenIn = (sentences: readonly Sentence[]): readonly string[] =>
  sentences.flatMap((sentence) => broken(sentence).map((rule) => `${sentence.line}: ${rule}: ${sentence.text}`));
const findings = (source: string): readonly string[] => brokenIn(sentencesOf(source));
const findingsOfProse = (markdown: string): readonly string[] => brokenIn(sentencesOfProse(markdown));

test.each(AREAS)('every sentence in %s is plain', (area) => {
  const found = FILES.filter((file) => areaOf(file) === area).flatMap((file) =>
    findings(readFileSync(path.join(ROOT, file), 'utf8')).map((finding) => `${file}:${finding}`),
  );
  expect(found).toEqual([]);
});

test.each(DOCUMENTS)('every sentence of %s is plain', (file) => {
  expect(findingsOfProse(readFileSync(path.join(ROOT, file), 'utf8'))).toEqual([]);
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

test.each([
  ['a paragraph', 'The gate runs.\nWhat it reads is new.'],
  ['a list item', '- One.\n- Since it is late.'],
  ['a nested item', '1. One.\n   - By day, it runs.'],
  ['emphasis', '**That is all.** It runs.'],
  ['a verb', 'The gate asks all checks.'],
  ['a sentence over several lines', `${'word '.repeat(20)}\n${'word '.repeat(11)}`],
])('a violation in %s of a document is found', (_where, markdown) => {
  expect(findingsOfProse(markdown)).toHaveLength(1);
});

test.each([
  ['a block of code', '```sh\nWhat it told\n```'],
  ['a span of code', 'It prints `what it was told to ask`.'],
  ['a quote', '> That release was told.'],
  ['a table', '| What | Who |\n| --- | --- |'],
  ['a link', `It is [here](docs/${'word '.repeat(31)}).`],
  ['two short items', `- ${'word '.repeat(20)}\n- ${'word '.repeat(20)}`],
])('%s of a document breaks no rule', (_what, markdown) => {
  expect(findingsOfProse(markdown)).toEqual([]);
});
