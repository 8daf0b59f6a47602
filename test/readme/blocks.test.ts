import { markedBlocks } from './blocks';

const document = (...lines: string[]) => lines.join('\n');

test('a marked block is a file', () => {
  expect(markedBlocks(document('# A', '<!-- runs: bin/a.ts -->', '```ts', 'a();', '```'))).toEqual([
    { file: 'bin/a.ts', text: 'a();\n', line: 3 },
  ]);
});

test('the output of a block belongs to the block before it', () => {
  expect(
    markedBlocks(document('<!-- runs: a.ts -->', '```ts', 'a();', '```', '<!-- prints -->', '```text', '1', '```')),
  ).toEqual([{ file: 'a.ts', text: 'a();\n', line: 2, prints: '1\n' }]);
});

test('shell commands and pictures need no mark', () => {
  expect(markedBlocks(document('```sh', 'npm ci', '```', '```', 'Source', '```'))).toEqual([]);
});

test('code that no test runs is refused', () => {
  expect(() => markedBlocks(document('', '```ts', 'a();', '```'))).toThrow(
    'The code block of line 2 is not marked: put <!-- runs: <file> --> on the line before it',
  );
});

test('a block that is not closed is refused', () => {
  expect(() => markedBlocks(document('```', 'a'))).toThrow('The code block of line 1 is not closed');
});
