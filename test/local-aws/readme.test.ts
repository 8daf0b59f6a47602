import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const README = readFileSync(path.join(__dirname, 'README.md'), 'utf8');
const FILES = readdirSync(__dirname).filter((name) => !name.endsWith('.test.ts') && name !== 'README.md');

test.each(FILES)('the README lists %s', (name) => {
  expect(README).toMatch(new RegExp(`^\\|.*\`${name.replace('.', '\\.')}/?\`.*\\|.*\\|$`, 'm'));
});
