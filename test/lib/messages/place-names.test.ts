import fc from 'fast-check';
import { type PlaceName, placeNames } from '../../../lib/messages/place-names';
import { wholeFleet } from '../../helpers/whole-fleet';

const { regions, keys } = wholeFleet();
const all = regions.flatMap((environment) => keys.map((key) => ({ environment, key })));
const text = ({ environment, key }: PlaceName) => `${environment}/${key}`;

/** Targets that a person reads in it. */
const read = (names: string): readonly string[] =>
  names.split('; ').flatMap((group) => {
    const [left, right] = group.split(': ');
    return right === undefined
      ? left.split(', ')
      : left.split(', ').flatMap((environment) => right.split(', ').map((key) => text({ environment, key })));
  });

test('names a few functions one by one', () => {
  const few = [...all.slice(0, 2), all[12]];
  expect(placeNames(few)).toBe(few.map(text).join(', '));
});

test('names 240 functions in fewer than 1,000 letters', () => {
  expect(placeNames(all)).toBe(`${regions.join(', ')}: ${keys.join(', ')}`);
  expect(placeNames(all).length).toBeLessThan(1_000);
});

test('groups regions with other functions apart', () => {
  const [first, ...others] = regions;
  expect(placeNames(all.slice(11))).toBe(`${first}: ${keys[11]}; ${others.join(', ')}: ${keys.join(', ')}`);
});

test('names each function once, and nothing else', () => {
  fc.assert(
    fc.property(fc.subarray(all), (places) => {
      fc.pre(places.length > 0);
      expect([...read(placeNames(places))].sort()).toEqual(places.map(text).sort());
    }),
  );
});
