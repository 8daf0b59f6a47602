/** Whether all cases run, as with `npm run test:all`. Otherwise tables that take long are sampled. */
export const ALL_CASES = process.env.TEST_CASES === 'all';

/** Its multiples spread evenly over 0 to 1: a sample has all values of a column, in whatever rhythm they come. */
const GOLDEN_RATIO = 0.618_034;

/** One case of each of so many stretches of a table: the same ones each time. */
export function spread<Case>(table: readonly Case[], size: number): Case[] {
  const stretches = Math.min(size, table.length);
  const begin = (i: number): number => Math.floor((i * table.length) / stretches);
  return Array.from({ length: stretches }, (_, i) => {
    const place = (i * GOLDEN_RATIO) % 1;
    return table[begin(i) + Math.floor(place * (begin(i + 1) - begin(i)))];
  });
}

/** All cases of a table when all run; otherwise so many of them. */
export const sample = <Case>(table: readonly Case[], size: number): Case[] =>
  ALL_CASES ? [...table] : spread(table, size);

/** A test that takes long, and runs only when all cases run. */
export const slow = ALL_CASES ? test : test.skip;
