import { chmodSync, readdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import { build } from 'esbuild';

const ROOT = path.join(__dirname, '..');
const DIST = path.join(ROOT, 'dist');
const SOURCES = path.join(ROOT, 'lib', 'handlers');

/**
 * Bundles every file of lib/handlers into <dist>/handlers/<name>/index.js, which are published and deployed.
 * Removes all earlier bundles first: those of removed handlers would be published, too.
 *
 * @param dist folder of the build
 */
export async function bundleHandlers(dist = DIST): Promise<void> {
  const handlers = path.join(dist, 'handlers');
  rmSync(handlers, { recursive: true, force: true });
  await build({
    entryPoints: readdirSync(SOURCES)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => ({ in: path.join(SOURCES, file), out: path.join(path.basename(file, '.ts'), 'index') })),
    outdir: handlers,
    absWorkingDir: ROOT,
    bundle: true,
    // Also removes paths of the sources: the same sources make the same bundle anywhere.
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // ES modules first: esbuild drops their unused parts, which halves the bundles.
    mainFields: ['module', 'main'],
    alias: {
      // In Lambda, credentials come from the environment. The SDK's chain of other providers adds over 100 kB to each bundle.
      '@aws-sdk/credential-provider-node': path.join(ROOT, 'bin', 'lambda-credentials.ts'),
    },
    logLevel: 'warning',
  });
}

/** Bundles the command-line tool into dist/bin: the published tool needs no other package. */
export async function bundleCommandLine(): Promise<void> {
  await build({
    entryPoints: [path.join(ROOT, 'bin', 'microservice-deployment-pipeline.ts')],
    outdir: path.join(DIST, 'bin'),
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    platform: 'node',
    // The oldest version that `engines` allows.
    target: 'node22',
    format: 'cjs',
    mainFields: ['module', 'main'],
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  });
  chmodSync(path.join(DIST, 'bin', 'microservice-deployment-pipeline.js'), 0o755);
}

export async function bundleAll(): Promise<void> {
  await bundleHandlers();
  await bundleCommandLine();
}

if (require.main === module) {
  bundleAll().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
