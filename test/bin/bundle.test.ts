import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { bundleHandlers } from '../../bin/bundle';

const DIST = path.join(__dirname, '..', '..', 'dist');
const HANDLERS = path.join(DIST, 'handlers');

/** Maximum size of a bundle. Lambda loads all of it at every cold start. */
const MAX_BYTES = 600_000;

/** Address at which the SDK's default credential chain finds the credentials of a container. */
const CONTAINER_CREDENTIALS = '169.254.170.2';

test.each(readdirSync(HANDLERS))('the bundle of %s is smaller than 600 kB', (name) => {
  expect(statSync(path.join(HANDLERS, name, 'index.js')).size).toBeLessThan(MAX_BYTES);
});

test.each(readdirSync(HANDLERS))('the bundle of %s has no credential chain', (name) => {
  expect(readFileSync(path.join(HANDLERS, name, 'index.js'), 'utf8')).not.toContain(CONTAINER_CREDENTIALS);
});

test('the command-line tool has the credential chain', () => {
  expect(readFileSync(path.join(DIST, 'bin', 'microservice-deployment-pipeline.js'), 'utf8')).toContain(
    CONTAINER_CREDENTIALS,
  );
});

test('a build removes the bundle of a handler that was removed', async () => {
  const dist = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  try {
    mkdirSync(path.join(dist, 'handlers', 'let-go'), { recursive: true });
    writeFileSync(path.join(dist, 'handlers', 'let-go', 'index.js'), '');
    await bundleHandlers(dist);
    const sources = readdirSync(path.join(__dirname, '..', '..', 'lib', 'handlers'));
    expect(readdirSync(path.join(dist, 'handlers'))).toEqual(sources.map((file) => path.basename(file, '.ts')));
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
});
