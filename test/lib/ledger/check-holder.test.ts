import { checkHolder } from '../../../lib/ledger/check-holder';
import type { Holder, Release } from '../../../lib/ledger/items';

const AT = '2026-03-02T10:00:00.000Z';
const HOLDER: Holder = { executionId: 'e-1', commit: 'c0ffee', token: 3, acquiredAt: AT, state: 'HELD' };
const RELEASE: Release = {
  executionId: 'e-1',
  commit: 'c0ffee',
  token: 3,
  candidates: {},
  stables: {},
  rollouts: {},
  changes: 1,
};

test('the release that holds production may move its traffic', () => {
  expect(checkHolder('e-1', { holder: HOLDER, release: RELEASE })).toEqual({ holds: true, token: 3 });
});

test.each<[string, Holder | undefined, Release | undefined, string]>([
  ['no release has acquired it', undefined, RELEASE, 'release e-1 has not acquired production: no release has'],
  [
    'another holds it',
    { ...HOLDER, executionId: 'e-2' },
    RELEASE,
    `release e-1 does not hold production: it is held by release e-2 (commit c0ffee) since ${AT}`,
  ],
  [
    'another held it last',
    { ...HOLDER, executionId: 'e-2', state: 'FREE' },
    RELEASE,
    'it was last held by release e-2',
  ],
  [
    'it has ended',
    HOLDER,
    { ...RELEASE, ended: 'ABANDONED', reason: 'taken over' },
    'release e-1 does not hold production any more: ABANDONED, taken over',
  ],
  ['the item of the holder is free', { ...HOLDER, state: 'FREE', ended: 'COMPLETED' }, RELEASE, 'any more: COMPLETED'],
  ['it has another token', HOLDER, { ...RELEASE, token: 2 }, "acquired production with token 2, but the ledger's is 3"],
  ['its item is lost', HOLDER, undefined, 'with token (none)'],
])('not when %s', (_name, holder, release, reason) => {
  expect(checkHolder('e-1', { holder, release })).toEqual({ holds: false, reason: expect.stringContaining(reason) });
});
