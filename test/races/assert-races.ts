import fc from 'fast-check';
import { LocalNet } from '../e2e/net';
import { ALL_CASES } from '../helpers/sample';
import type { Behaviour } from '../local-aws/behaviour';
import { race, scenarios } from './race';
import type { Tally } from './referee';

/** Number of races of both files together: a few in every run of the tests, and a thousand with `npm run races`. */
const RACES = Number(process.env.RACES ?? (ALL_CASES ? 20 : 6));

/** Seed of the races: they are the same each time, so that a failure comes from a change. Another seed draws others. */
const SEED = 20_261_121;

/** Minimum number of races whose ends say anything. */
const ENOUGH = 100;

/**
 * Runs half of the races. A failed race is reported with its seed and path: `RACE_SEED=… RACE_PATH=… npx jest
 * test/races/…` repeats it.
 */
export async function assertRaces(behaviour: Partial<Behaviour>): Promise<void> {
  const { RACE_SEED, RACE_PATH } = process.env;
  const net = new LocalNet();
  const tally: Tally = new Map();
  const numRuns = Math.ceil(RACES / 2);
  const began = performance.now();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), scenarios(), async (scheduler, scenario) => {
      await race(scheduler, scenario, net, tally, behaviour);
      if (numRuns >= ENOUGH && ++run % ENOUGH === 0) process.stdout.write(`${run} of ${numRuns} races\n`);
    }),
    { numRuns, endOnFailure: true, seed: Number(RACE_SEED ?? SEED), path: RACE_PATH },
  );
  if (numRuns < ENOUGH) return;
  const seconds = Math.round((performance.now() - began) / 1000);
  const counts = [...tally].map(([end, count]) => `${end} ${count}`).sort();
  process.stdout.write(`${numRuns} races in ${seconds} s: ${counts.join(', ')}\n`);
  // Otherwise the interleavings would prove nothing.
  for (const end of ['COMPLETED', 'ROLLED_BACK', 'ABANDONED', 'REFUSED', 'RETRIED']) {
    expect({ end, often: (tally.get(end) ?? 0) >= numRuns / 50 }).toEqual({ end, often: true });
  }
}
