import { bucketsOf, countedIn, downtimeOf, pool } from '../../../lib/budget/measure';
import { published } from '../../helpers/revisions';

const AT = Date.parse('2026-11-01T00:00:00Z');
const MINUTE = 60_000;
const FUNCTIONS = {
  api: published('orders-api-X', '7'),
  worker: published('orders-worker-X', '3'),
};
const WHOLE = () => ({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY });

describe('what is read', () => {
  test('of requests: invocations, errors and throttles of every function, through its alias', () => {
    const counted = countedIn({ kind: 'REQUESTS' }, FUNCTIONS);
    expect(counted.map(({ metric: { name }, counts }) => `${name} ${counts}`)).toEqual([
      'Invocations TOTAL',
      'Errors BAD',
      'Throttles TOTAL_AND_BAD',
      'Invocations TOTAL',
      'Errors BAD',
      'Throttles TOTAL_AND_BAD',
    ]);
    expect(counted[0].metric.dimensions).toEqual({ FunctionName: 'orders-api-X', Resource: 'orders-api-X:live' });
  });

  test('of latency: how many invocations took no longer than the threshold', () => {
    const stats = countedIn({ kind: 'LATENCY', thresholdMs: 300 }, FUNCTIONS).map(({ metric: { stat } }) => stat);
    expect(stats).toEqual(['SampleCount', 'TC(:300)', 'SampleCount', 'TC(:300)']);
  });

  test('of a metric of the team: with its own statistic', () => {
    const metric = { namespace: 'Acme', name: 'Up', stat: 'Minimum' };
    expect(countedIn({ kind: 'UPTIME', metric, scale: 1 }, {})).toEqual([{ metric, counts: 'UPTIME' }]);
  });

  test('of a metric of the team: with the default statistic, where the configuration has none', () => {
    const metric = { namespace: 'Acme', name: 'Up', stat: undefined };
    const stats = [
      ...countedIn({ kind: 'UPTIME', metric, scale: 1 }, {}),
      ...countedIn({ kind: 'COUNTS', total: metric, good: metric }, {}),
    ].map(({ metric: { stat } }) => stat);
    expect(stats).toEqual(['Average', 'Sum', 'Sum']);
  });
});

describe('a bucket', () => {
  test('has errors and throttles as bad, and throttles as requests, too', () => {
    const series = [
      { counts: 'TOTAL' as const, points: [[AT, 90] as const] },
      { counts: 'BAD' as const, points: [[AT, 4] as const] },
      { counts: 'TOTAL_AND_BAD' as const, points: [[AT, 10] as const] },
    ];
    expect(bucketsOf(series, 60)).toEqual([{ at: AT, seconds: 60, total: 100, bad: 14 }]);
  });

  test('without good requests is all bad', () => {
    const series = [
      { counts: 'TOTAL' as const, points: [[AT, 90] as const, [AT + MINUTE, 80] as const] },
      { counts: 'GOOD' as const, points: [[AT, 89] as const] },
    ];
    expect(bucketsOf(series, 60).map(({ bad }) => bad)).toEqual([1, 80]);
  });

  test('in which only good requests were counted is left out', () => {
    const series = [
      { counts: 'TOTAL' as const, points: [] },
      { counts: 'GOOD' as const, points: [[AT, 89] as const] },
    ];
    expect(bucketsOf(series, 60)).toEqual([]);
  });

  test('with more good requests than all has no bad ones', () => {
    const series = [
      { counts: 'TOTAL' as const, points: [[AT, 88] as const] },
      { counts: 'GOOD' as const, points: [[AT, 89] as const] },
    ];
    expect(bucketsOf(series, 60)).toEqual([{ at: AT, seconds: 60, total: 89, bad: 0 }]);
  });

  test('of an uptime above its scale is an error: a percentage would always be up', () => {
    const series = [{ counts: 'UPTIME' as const, points: [[AT, 5] as const] }];
    expect(() => bucketsOf(series, 60, 1)).toThrow('an uptime of 5 is more than 1: is it a percentage?');
  });

  test('never has more bad than all', () => {
    const series = [
      { counts: 'TOTAL' as const, points: [[AT, 3] as const] },
      { counts: 'BAD' as const, points: [[AT, 5] as const] },
    ];
    expect(bucketsOf(series, 60)).toEqual([{ at: AT, seconds: 60, total: 3, bad: 3 }]);
  });

  test.each([
    [1, 0.4],
    [100, 40],
  ])('of an uptime counts minutes, on a scale of %d', (scale, value) => {
    const series = [{ counts: 'UPTIME' as const, points: [[AT, value] as const] }];
    expect(bucketsOf(series, 300, scale)).toEqual([{ at: AT, seconds: 300, total: 5, bad: 3 }]);
  });
});

test('regions are added up: one with more traffic weighs more', () => {
  const bucket = { at: AT, seconds: 60 };
  const pooled = pool([[{ ...bucket, total: 100, bad: 10 }], [{ ...bucket, total: 900, bad: 0 }]]);
  expect(pooled).toEqual([{ ...bucket, total: 1_000, bad: 10 }]);
});

describe('as downtime', () => {
  const traffic = (minutes: number, bad: (minute: number) => number, total = 100) =>
    Array.from({ length: minutes }, (_each, minute) => ({
      at: AT + minute * MINUTE,
      seconds: 60,
      total,
      bad: bad(minute),
    }));
  const minutesDown = (downtimes: ReturnType<typeof downtimeOf>) =>
    downtimes.reduce((sum, { from, to, severity }) => sum + ((to - from) / MINUTE) * severity, 0);

  test('twelve minutes of which every request failed are twelve minutes', () => {
    const buckets = traffic(1_000, (minute) => (minute >= 100 && minute < 112 ? 100 : 0));
    expect(minutesDown(downtimeOf(buckets, AT + 1_000 * MINUTE, WHOLE))).toBeCloseTo(12, 9);
  });

  test('half of the requests of a minute are half of one', () => {
    const buckets = traffic(1_000, (minute) => (minute === 100 ? 50 : 0));
    expect(minutesDown(downtimeOf(buckets, AT + 1_000 * MINUTE, WHOLE))).toBeCloseTo(0.5, 9);
  });

  test('the share of one month does not count in another', () => {
    const month = (at: number) =>
      at < AT + 500 * MINUTE
        ? { from: AT, to: AT + 500 * MINUTE }
        : { from: AT + 500 * MINUTE, to: AT + 1_000 * MINUTE };
    // Ten times the traffic in the second half makes a request of the first half count no less.
    const buckets = [
      ...traffic(500, (minute) => (minute === 0 ? 100 : 0)),
      ...traffic(500, () => 0, 1_000).map((bucket) => ({ ...bucket, at: bucket.at + 500 * MINUTE })),
    ];
    expect(minutesDown(downtimeOf(buckets, AT + 1_000 * MINUTE, month))).toBeCloseTo(1, 9);
  });

  test('the period under way counts only up to now', () => {
    const [only] = downtimeOf([{ at: AT, seconds: 3_600, total: 10, bad: 10 }], AT + 10 * MINUTE, WHOLE);
    expect(only).toMatchObject({ from: AT, to: AT + 10 * MINUTE, severity: 1 });
  });

  test('no bad request is no downtime', () => {
    expect(
      downtimeOf(
        traffic(10, () => 0),
        AT + 10 * MINUTE,
        WHOLE,
      ),
    ).toEqual([]);
  });
});
