import { decideNotice, isSentOnce } from '../../../lib/ledger/decide-notice';
import type { LedgerRequest, Operation } from '../../../lib/ledger/job';
import type { JobAnswer } from '../../../lib/ledger/job-answer';

const request = (operation: Operation): LedgerRequest => ({
  operation,
  executionId: 'e-1',
  commit: 'c0ffee',
  requires: [],
});
const AGAIN: JobAnswer = { is: 'AGAIN', reason: 'so it is', since: '2026-03-02T10:00:00.000Z' };

test.each([
  ['acquire', 'DONE', 'STARTED'],
  ['acquire', 'FAILED', 'BLOCKED'],
  ['complete', 'DONE', 'COMPLETED'],
  ['complete', 'FAILED', 'BLOCKED'],
] as const)('%s that answers %s gives the notice %s', (operation, is, kind) => {
  expect(decideNotice(request(operation), { is, reason: 'so it is' })).toEqual({
    kind,
    executionId: 'e-1',
    commit: 'c0ffee',
    why: 'so it is',
  });
});

test.each(['acquire', 'complete'] as const)('%s that is called again gives no notice', (operation) => {
  expect(decideNotice(request(operation), AGAIN)).toBeUndefined();
});

test('only the start is sent once: a block has a new reason each time', () => {
  const about = { executionId: 'e-1', commit: 'c0ffee', why: 'so it is' };
  const once = (['STARTED', 'COMPLETED', 'BLOCKED'] as const).filter((kind) => isSentOnce({ kind, ...about }));
  expect(once).toEqual(['STARTED']);
});
