import { AMERICA, DAY, EUROPE, type GateCase, HOUR, MINUTE, rolling } from './case';
import { lambdaMetric, traffic, written } from './written';

const both = { [EUROPE]: ['shop-handler'], [AMERICA]: ['shop-handler'] };

const healthy = (now: number, days = 28) => traffic(now, { region: AMERICA, requests: 40_320, days });

/** Requests that came in Europe so long ago, and none since. */
const longAgo = (now: number, ...agos: readonly number[]) =>
  written(
    EUROPE,
    lambdaMetric('Invocations'),
    agos.map((ago) => ({ at: now - ago, count: 100 })),
  );

/** The end of the period in which the last request came. */
const sinceText = (now: number, ago: number, seconds: number): string =>
  new Date((Math.floor((now - ago) / 1_000 / seconds) + 1) * seconds * 1_000).toISOString().replace('.000Z', '');

const since = (now: number, ago: number, seconds: number): RegExp =>
  new RegExp(`^${EUROPE} has had no data since ${sinceText(now, ago, seconds)}\\S*: \\d+ min > 60 min$`);

/** Cases without data, which is no success, except where nothing has ever served. */
export const SILENT_CASES: readonly GateCase[] = [
  {
    name: 'never served anywhere, no data',
    verdict: 'PASS',
    given: () => ({
      served: {},
      written: [],
      reason: `the service has never served a stable revision: there is no budget yet; has never served: ${EUROPE}, ${AMERICA}`,
    }),
  },
  {
    name: 'a new region has never served',
    verdict: 'PASS',
    given: (now) => ({
      served: { [AMERICA]: ['shop-handler'] },
      written: healthy(now),
      reason: `0.00 min down <= 40.32 min allowed, 100.0 % of the budget left of 99.9 %; has never served: ${EUROPE}`,
    }),
  },
  {
    name: 'has served, no data at all',
    verdict: 'ERROR',
    given: () => ({
      served: both,
      written: [],
      reason: `${EUROPE} has served a stable revision, but has no data at all; ${AMERICA} has served a stable revision, but has no data at all`,
    }),
  },
  {
    name: 'one region silent for 3 hours',
    verdict: 'ERROR',
    given: (now) => ({
      written: [
        ...healthy(now),
        ...traffic(now, { region: EUROPE, requests: 40_320, days: 28, until: now - 3 * HOUR }),
      ],
      reason: since(now, 3 * HOUR, 300),
    }),
  },
  {
    name: 'one region without data, the other over budget',
    verdict: 'FAIL',
    given: (now) => ({
      written: traffic(now, {
        region: AMERICA,
        requests: 40_320,
        days: 28,
        errors: [{ at: now - 3 * DAY, count: 100 }],
      }),
      reason: new RegExp(
        `^100\\.0 min down within 28 days > 40\\.32 min allowed.*; besides, ${EUROPE} has served a stable revision, but has no data at all$`,
      ),
    }),
  },
  {
    name: 'a region with data older than 15 days only',
    verdict: 'ERROR',
    given: (now) => ({
      written: [...healthy(now), ...longAgo(now, 20 * DAY, 16 * DAY)],
      reason: since(now, 16 * DAY, 300),
    }),
  },
  {
    name: '10 days: a region with data older than 15 days only',
    verdict: 'ERROR',
    given: (now) => ({
      check: { policy: rolling(10) },
      written: [...healthy(now, 10), ...longAgo(now, 16 * DAY)],
      reason: `${EUROPE} has served a stable revision, but has no data at all`,
    }),
  },
  {
    name: 'a region with data older than 63 days only',
    verdict: 'ERROR',
    given: (now) => ({
      written: [...healthy(now), ...longAgo(now, 70 * DAY)],
      reason: `${EUROPE} has served a stable revision, but has no data at all`,
    }),
  },
  {
    name: '100 days: a region with data older than 63 days only',
    verdict: 'ERROR',
    given: (now) => ({
      check: { policy: rolling(100) },
      written: [...healthy(now, 100), ...longAgo(now, 80 * DAY, 70 * DAY)],
      reason: since(now, 70 * DAY, 3_600),
    }),
  },
  {
    name: 'no request in the whole window',
    verdict: 'INCONCLUSIVE',
    given: (now) => ({
      served: { [EUROPE]: ['shop-handler'] },
      written: written(EUROPE, lambdaMetric('Invocations'), [{ at: now - MINUTE, count: 0 }]),
      reason: 'no request in the whole window',
    }),
  },
  {
    name: 'an uptime with holes',
    verdict: 'INCONCLUSIVE',
    given: (now) => {
      const metric = { namespace: 'CloudWatchSynthetics', name: 'SuccessPercent', dimensions: { CanaryName: 'shop' } };
      return {
        check: { source: { kind: 'UPTIME', metric, scale: 100 } },
        served: { [EUROPE]: ['shop-handler'] },
        written: written(EUROPE, metric, [
          { at: now - DAY, count: 100 },
          { at: now - MINUTE, count: 100 },
        ]),
        reason: /^the uptime is known for \d+ of 144\d min, less than 90 %/,
      };
    },
  },
  {
    name: 'eleven functions have served',
    verdict: 'PASS',
    given: (now) => {
      const names = Array.from({ length: 11 }, (_each, index) => `shop-${index + 1}`);
      return {
        served: { [EUROPE]: names },
        written: names.flatMap((functionName, index) =>
          written(EUROPE, lambdaMetric('Invocations', functionName), [
            { at: now - 28 * DAY, count: 0 },
            { at: now - (index + 1) * DAY, count: 990 },
            { at: now - MINUTE, count: 10 },
          ]),
        ),
        reason: '0.00 min down <= 40.32 min allowed',
      };
    },
  },
];
