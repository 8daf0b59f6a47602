import { isSplit, servesAlone, showServing } from '../../../lib/workload/serving';
import { serving, version } from '../../helpers/revisions';

test.each([
  ['one revision', serving('3'), true, 'version 3'],
  ['one revision, and another with no share', serving('3', { 4: 0 }), true, 'version 3'],
  ['two revisions', serving('3', { 4: 0.08 }), false, 'version 3 (92 %) and version 4 (8 %)'],
])('%s', (_name, served, alone, shown) => {
  expect(servesAlone(served, version('3'))).toBe(alone);
  expect(isSplit(served)).toBe(!alone);
  expect(showServing(served)).toBe(shown);
});

test('another revision, or nothing, is not this one alone', () => {
  expect(servesAlone(serving('3'), version('4'))).toBe(false);
  expect(servesAlone(undefined, version('4'))).toBe(false);
});
