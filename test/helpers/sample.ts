/** True if all cases run, as with `npm run test:all`. Otherwise slow tables are sampled. */
export const ALL_CASES = process.env.TEST_CASES === 'all';

/**
 * Step whose multiples spread evenly over 0 to 1, so that a sample has all values of a column, whatever their rhythm.
 */
const GOLDEN_RATIO = 0.618_034;

/** Returns one case of each of `size` stretches of a table, the same ones each time. */
export function spread<Case>(table: readonly Case[], size: number): Case[] {
  const stretches = Math.min(size, table.length);
  const begin = (i: number): number => Math.floor((i * table.length) / stretches);
  return Array.from({ length: stretches }, (_, i) => {
    const place = (i * GOLDEN_RATIO) % 1;
    return table[begin(i) + Math.floor(place * (begin(i + 1) - begin(i)))];
  });
}

/** Returns all cases of a table if all run, otherwise `size` of them. */
export const sample = <Case>(table: readonly Case[], size: number): Case[] =>
  ALL_CASES ? [...table] : spread(table, size);

/** A slow test, which runs only when all cases run. */
export const slow = ALL_CASES ? test : test.skip;
