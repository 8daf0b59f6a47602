import { AMERICA, DAY, EUROPE, type GateCase, MINUTE, REGIONS, rolling } from '../gates/case';
import { askLocally } from '../gates/local';
import { lambdaMetric, traffic, written } from '../gates/written';
import type { Call, Fields } from '../local-aws/call';

/** Tests the gate's queries of CloudWatch and its reading of the answers, in the parts that moto lacks. */

const metricCalls = (calls: readonly Call[], region?: string): readonly Call[] =>
  calls.filter((call) => call.operation === 'GetMetricData' && (region ?? call.region) === call.region);

/** Seconds of a point, for each query of a call. */
const periodsOf = ({ input }: Call): readonly unknown[] => [
  ...new Set((input.MetricDataQueries as readonly Fields[]).map(({ MetricStat }) => (MetricStat as Fields).Period)),
];

/** A case in which everything failed once, so long ago. */
const failedOnce =
  (days: number, ago: number, served: readonly string[] = ['shop-handler']): GateCase['given'] =>
  (now) => ({
    check: { policy: rolling(days) },
    served: { [EUROPE]: served },
    written: served.flatMap((functionName) =>
      traffic(now, {
        region: EUROPE,
        functionName,
        requests: days * 1_440,
        days,
        errors: [{ at: now - ago, count: days * 2 }],
      }),
    ),
    reason: '',
  });

test.each([
  [10, 60],
  [28, 300],
  [100, 3_600],
])('the gate reads a window of %d days in periods of %d s, which CloudWatch still has', async (days, seconds) => {
  const { answer } = await askLocally(failedOnce(days, (days - 1) * DAY));
  expect(answer.verdict).toBe('FAIL');
  // The last hour is read minute by minute, too.
  expect(metricCalls(answer.calls).flatMap(periodsOf)).toEqual([seconds, 60]);
});

test('the gate reads an answer in many pages to its end', async () => {
  const given = failedOnce(28, MINUTE);
  const whole = await askLocally(given);
  const paged = await askLocally(given, (world) => {
    world.cloudwatch.metrics.mostPoints = 4;
  });
  expect(metricCalls(paged.answer.calls).length).toBeGreaterThan(5);
  // The error is on the last page.
  expect(paged.answer).toMatchObject({ verdict: 'FAIL', reason: whole.answer.reason });
});

test('the gate treats an answer that never ends as an error', async () => {
  const { answer } = await askLocally(failedOnce(28, MINUTE), (world) => {
    world.cloudwatch.metrics.mostPoints = 1;
    const at = world.clock.now() - 20 * DAY;
    const place = { account: '333333333333', region: EUROPE };
    for (let minute = 0; minute < 60; minute++) {
      world.cloudwatch.metrics.record(place, lambdaMetric('Invocations'), at + minute * 5 * MINUTE, 1);
    }
  });
  expect(answer).toMatchObject({ verdict: 'ERROR', reason: expect.stringContaining('more than 50 pages') });
});

test('the gate reads twelve functions in two calls, as one function', async () => {
  const names = Array.from({ length: 12 }, (_each, index) => `shop-${index + 1}`);
  const { answer } = await askLocally(failedOnce(28, 20 * DAY, names));
  expect(answer.verdict).toBe('FAIL');
  expect(metricCalls(answer.calls)).toHaveLength(2);
  expect(metricCalls(answer.calls)[0].input.MetricDataQueries).toHaveLength(36);
});

test('a fast burn needs no third call of a region', async () => {
  const { answer } = await askLocally((now) => ({
    check: { fastBurn: 14.4 },
    written: REGIONS.flatMap((region) => traffic(now, { region, requests: 40_320, days: 28 })),
    reason: '',
  }));
  expect(answer.verdict).toBe('PASS');
  for (const region of REGIONS) expect(metricCalls(answer.calls, region).flatMap(periodsOf)).toEqual([300, 60]);
});

test('the gate reads the metrics of a region with the role of its environment', async () => {
  const { answer } = await askLocally((now) => ({
    written: traffic(now, { region: AMERICA, requests: 1, days: 1 }),
    reason: '',
  }));
  expect(new Set(metricCalls(answer.calls).map(({ region, principal }) => `${region} ${principal}`))).toEqual(
    new Set(REGIONS.map((region) => `${region} arn:aws:iam::333333333333:role/shop-production-${region}-gate`)),
  );
});

test('the gate reads an uptime only in the region that measures it', async () => {
  const metric = { namespace: 'AWS/Route53', name: 'HealthCheckStatus', dimensions: { HealthCheckId: 'h-1' } };
  const { answer } = await askLocally((now) => ({
    check: { source: { kind: 'UPTIME', metric, scale: 1, regions: ['ap-southeast-2'] }, policy: rolling(1) },
    written: written(
      'ap-southeast-2',
      metric,
      Array.from({ length: 24 * 60 }, (_each, minute) => ({
        at: now - DAY + minute * MINUTE,
        count: minute === 600 ? 0 : 1,
      })),
    ),
    reason: '',
  }));
  expect(answer).toMatchObject({
    verdict: 'PASS',
    reason: expect.stringMatching(/^1\.00 min down <= 1\.44 min allowed/),
  });
  expect(new Set(metricCalls(answer.calls).map(({ region }) => region))).toEqual(new Set(['ap-southeast-2']));
});

test('the gate reads two objectives with one policy together', async () => {
  const { answer } = await askLocally((now) => ({
    written: REGIONS.flatMap((region) => traffic(now, { region, requests: 40_320, days: 28 })),
    besides: [{ name: 'latency', objective: 99, source: { kind: 'LATENCY', thresholdMs: 300 } }],
    reason: '',
  }));
  for (const region of REGIONS) expect(metricCalls(answer.calls, region)).toHaveLength(2);
});
