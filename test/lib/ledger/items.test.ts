import { parseRelease, parseStable } from '../../../lib/ledger/items';

const AT = '2026-03-02T10:00:00.000Z';
const ROLLOUT = { state: 'PASSED', reason: 'because', at: AT, attempt: 1, shifted: false };
const RELEASE = { executionId: 'e-1', commit: 'c0ffee', rollouts: { Wave1: ROLLOUT } };
const STABLE = { executionId: 'e-1', commit: 'c0ffee', at: AT, revisions: {}, recent: [AT] };

test('a complete rollout and a complete last stable release are read as they are written', () => {
  expect(parseRelease(RELEASE).rollouts.Wave1).toMatchObject(ROLLOUT);
  expect(parseStable(STABLE)).toMatchObject(STABLE);
});

test('a rollout without its traffic state is refused: no data is not success', () => {
  const { shifted, ...rollout } = ROLLOUT;
  expect(() => parseRelease({ ...RELEASE, rollouts: { Wave1: rollout } })).toThrow(
    'ledger.release#e-1.rollouts.Wave1.shifted must be true or false, but is missing',
  );
});

test('a last stable release without its completions is refused', () => {
  const { recent, ...stable } = STABLE;
  expect(() => parseStable(stable)).toThrow('ledger.stable.recent must be an array, but is missing');
});

test('a start counts as announced only with the value true', () => {
  expect(parseRelease({ ...RELEASE, startAnnounced: true }).startAnnounced).toBe(true);
  expect(parseRelease(RELEASE).startAnnounced).toBe(false);
});
