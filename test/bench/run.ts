import { cpus } from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { benchGate } from './gate';
import { benchHandlers } from './handlers';
import { benchSynth } from './synth';

const TOPOLOGIES = [
  { services: 1, regions: 1 },
  { services: 1, regions: 3 },
  { services: 1, regions: 10 },
  { services: 1, regions: 20 },
  { services: 20, regions: 3 },
];

const QUICK = [
  { services: 1, regions: 1 },
  { services: 1, regions: 3 },
  { services: 4, regions: 3 },
];

const USAGE = `Usage: npm run bench -- [--quick] [--no-validation]

Compares the synth of this library's pipelines with the same topology hand-written on CDK Pipelines, and measures the handlers.
  --quick          small topologies, one round
  --no-validation  measures only without CDK's validation of templates at synth, which takes seconds on both sides,
                   whatever the topology, and hides the rest`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, 'no-validation': { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  process.chdir(path.join(__dirname, '..', '..'));
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`);
  console.log(await benchHandlers(values.quick ? 3 : 9));
  console.log();
  console.log(await benchGate(values.quick ? 3 : 9));
  for (const validation of values['no-validation'] ? [false] : [true, false]) {
    console.log();
    console.log(
      await benchSynth({
        topologies: values.quick ? QUICK : TOPOLOGIES,
        minRounds: values.quick ? 1 : 3,
        maxRounds: values.quick ? 1 : 5,
        budgetSeconds: 100,
        validation,
      }),
    );
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
