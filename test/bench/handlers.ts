import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { bundleHandlers } from '../../bin/bundle';
import { median, table } from './statistics';

/** Largest bundle, and longest time to load one, that this project allows. */
const AIM_KB = 600;
const AIM_MS = 150;

const LOAD = 'const t = performance.now(); require(process.argv[1]); console.log(performance.now() - t);';

/** Size of every handler's bundle and the time that a fresh process takes to load it. */
export async function benchHandlers(rounds: number): Promise<string> {
  await bundleHandlers();
  const directory = path.join(process.cwd(), 'dist', 'handlers');
  const bundles = readdirSync(directory)
    .sort()
    .map((name) => ({ name, file: path.join(directory, name, 'index.js'), times: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { file, times } of bundles) {
      times.push(load(file));
    }
  }
  const rows = bundles.map(({ name, file, times }) => [
    name,
    (statSync(file).size / 1_000).toFixed(0),
    median(times).toFixed(0),
  ]);
  return [
    `Handlers: medians of ${rounds} loads, each in a fresh process; aim: under ${AIM_KB} KB, loaded in under ${AIM_MS} ms`,
    table(['handler', 'KB', 'load ms'], rows),
  ].join('\n');
}

function load(file: string): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', LOAD, file], {
    encoding: 'utf8',
    // Handlers read these variables while they are loaded.
    env: { ...process.env, AWS_REGION: 'us-east-1', LEDGER_TABLE: 'ledger', PIPELINE_NAME: 'service-1' },
  });
  if (status !== 0) {
    throw new Error(`${file} cannot be loaded:\n${stderr}`);
  }
  return Number(stdout);
}
