import { type StableRecord, stableRecordText } from '../../../lib/plan/stable-record';
import { decideWriteStable } from '../../../lib/rollout/decide-write-stable';
import { published } from '../../helpers/revisions';

const AT = 'parameter /deployment-pipeline/orders/production/http/stable in eu-west-1';
const MINE: StableRecord = {
  executionId: 'e-2',
  commit: 'c0ffee',
  acquiredAt: '2026-03-02T10:00:00.000Z',
  ...published('orders-http-8HX2PQ', '7'),
};
const value = stableRecordText(MINE);
const decide = (stored: string | undefined) => decideWriteStable(stored, MINE, AT);

test('the first release writes', () => {
  expect(decide(undefined)).toEqual({ do: 'WRITE', value });
  expect(JSON.parse(value)).toEqual({
    schema: 1,
    executionId: 'e-2',
    commit: 'c0ffee',
    acquiredAt: '2026-03-02T10:00:00.000Z',
    ...published('orders-http-8HX2PQ', '7'),
  });
});

test('a release follows an earlier one', () => {
  const earlier = { ...MINE, executionId: 'e-1', acquiredAt: '2026-03-01T10:00:00.000Z' };
  expect(decide(stableRecordText(earlier))).toEqual({ do: 'WRITE', value });
});

test('a release that has written already writes nothing', () => {
  expect(decide(value)).toEqual({ do: 'SKIP' });
});

test('equal records are equal texts, in whatever order their fields were stored', () => {
  const revision = { version: '7', kind: 'LAMBDA' } as const;
  const address = { alias: 'live', functionName: 'orders-http-8HX2PQ' };
  expect(decide(stableRecordText({ ...MINE, revision, address }))).toEqual({ do: 'SKIP' });
});

test('a release never overwrites one that acquired production later', () => {
  const later = { ...MINE, executionId: 'e-3', acquiredAt: '2026-03-02T10:00:00.001Z' };
  expect(decide(stableRecordText(later))).toEqual({
    do: 'BLOCK',
    reason: `${AT} was written by release e-3, which acquired production later, at 2026-03-02T10:00:00.001Z`,
  });
});

test.each([
  ['of an unknown schema', '{"schema":2}', `${AT}.schema must be 1, but is 2: use the version of the pipeline`],
  ['written by a person', 'version 7', `${AT} must be JSON, but is "version 7". Nothing shifts before it can be read`],
])('a parameter %s blocks, and stays as it is', (_name, stored, reason) => {
  expect(decide(stored)).toEqual({ do: 'BLOCK', reason: expect.stringContaining(reason) });
});
