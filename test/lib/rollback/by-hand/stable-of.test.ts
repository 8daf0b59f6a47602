import { type StableRecord, stableRecordText } from '../../../../lib/plan/stable-record';
import { lastRelease, parseRecords, releaseNamed, stableOf } from '../../../../lib/rollback/by-hand/stable-of';
import { kindOf } from '../../../../lib/workload/kinds/kinds';
import { published } from '../../../helpers/revisions';

const record = (executionId: string, day: number, version = '7'): StableRecord => ({
  executionId,
  commit: `c-${executionId}`,
  acquiredAt: `2026-03-0${day}T10:00:00.000Z`,
  ...published('orders-http-8HX2PQ', version),
});

describe('the records of a function', () => {
  const AT = 'parameter /deployment-pipeline/orders/production/http/stable';

  test('are all versions of its parameter', () => {
    const all = [record('e-1', 1, '5'), record('e-2', 2)];
    expect(parseRecords(all.map(stableRecordText), AT, kindOf)).toEqual(all);
    expect(parseRecords([], AT, kindOf)).toEqual([]);
  });

  test.each([
    [
      'of another schema',
      JSON.stringify({ schema: 2 }),
      /production\/http\/stable\.schema must be 1, but is 2: use the/,
    ],
    ['no JSON', 'version 7', /must be JSON/],
    [
      'of no Lambda function',
      stableRecordText(record('e-2', 2)).replace('LAMBDA', 'ECS'),
      /kind must be LAMBDA, but is "ECS"/,
    ],
    ['without a version', stableRecordText(record('e-2', 2)).replace('"7"', '"$LATEST"'), /published version/],
  ])('are unknown when the newest is %s: it may be of a later release', (_name, newest, message) => {
    expect(() => parseRecords([stableRecordText(record('e-1', 1)), newest], AT, kindOf)).toThrow(message);
  });

  test('are the readable ones, among the older ones', () => {
    const readable = record('e-2', 2);
    expect(parseRecords(['by hand', stableRecordText(readable)], AT, kindOf)).toEqual([readable]);
  });
});

describe('the last release', () => {
  test('is the one that acquired production last, in any region', () => {
    expect(lastRelease([record('e-1', 1), record('e-2', 2)])).toMatchObject({ executionId: 'e-2', commit: 'c-e-2' });
  });

  test('is not an older one that has written late', () => {
    expect(lastRelease([record('e-2', 2), record('e-1', 1)])).toMatchObject({ executionId: 'e-2' });
  });

  test('is unknown without any', () => {
    expect(lastRelease([])).toBeUndefined();
    expect(releaseNamed([record('e-1', 1)], 'e-2')).toBeUndefined();
  });
});

describe('the stable revision', () => {
  const all = [record('e-1', 1, '5'), record('e-2', 2, '7')];

  test('is the one to which the release returns, also of a release that has had successors', () => {
    expect(stableOf(all, record('e-2', 2))).toEqual({ stable: published('orders-http-8HX2PQ', '7') });
    expect(stableOf(all, record('e-1', 1))).toEqual({ stable: published('orders-http-8HX2PQ', '5') });
  });

  test('is not needed where the release has shifted nothing: the function has a record of an earlier one', () => {
    expect(stableOf(all, record('e-3', 3))).toEqual({ untouched: true });
  });

  test('is not guessed where there is no record, or only a later one', () => {
    expect(stableOf([], record('e-3', 3))).toEqual({ unknown: true });
    expect(stableOf(all, { ...record('e-0', 1), acquiredAt: '2026-02-01T10:00:00.000Z' })).toEqual({ unknown: true });
  });
});
