import { spread } from './sample';

const TABLE = Array.from({ length: 14 }, (_, i) => i);

test.each([1, 2, 5, 13])('a sample of %i has that number of different cases, in their order', (size) => {
  const drawn = spread(TABLE, size);
  expect(drawn).toHaveLength(size);
  expect(new Set(drawn).size).toBe(size);
  expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
});

test('a sample has one case from each stretch of the table', () => {
  const drawn = spread(TABLE, 7);
  expect(drawn.map((each) => Math.floor(each / 2))).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('a sample has both values of a column that alternates', () => {
  const drawn = spread(TABLE, 7);
  expect(new Set(drawn.map((each) => each % 2))).toEqual(new Set([0, 1]));
});

test.each([14, 15, 100])('a sample of %i is the whole table if the table has no more cases', (size) => {
  expect(spread(TABLE, size)).toEqual(TABLE);
});
