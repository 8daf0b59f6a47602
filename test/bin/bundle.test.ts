import { readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';

const HANDLERS = path.join(__dirname, '..', '..', 'dist', 'handlers');

/** Lambda loads all of it at every cold start. */
const MOST_BYTES = 360_000;

test.each(readdirSync(HANDLERS))('the bundle of %s has nothing in it that is not needed', (name) => {
  expect(statSync(path.join(HANDLERS, name, 'index.js')).size).toBeLessThan(MOST_BYTES);
});
