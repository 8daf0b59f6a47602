import { Calendar } from '../../lib/core/calendar';
import { AMERICA, DAY, EUROPE, type GateCase, HOUR, MINUTE, rolling } from './case';
import { lambdaMetric, traffic, written } from './written';

/** One request for each thousandth of a minute in the window: a bad one counts as that long, and 40,320 are allowed. */
const REQUESTS = 40_320_000;

const over = (days: number, at: number) => (now: number) => ({
  check: { policy: rolling(days) },
  served: { [EUROPE]: ['shop-handler'] },
  written: traffic(now, {
    region: EUROPE,
    requests: days * 1_440,
    days,
    errors: [{ at: now - at, count: days * 2 }],
  }),
});

/** Finds a calendar whose month began at least ten hours ago: one of two zones has one. */
function calendarAt(now: number): { readonly timeZone: string; readonly calendar: Calendar } {
  const utc = new Calendar('UTC');
  const timeZone = now - utc.startOfMonth(now) < 10 * HOUR ? 'Etc/GMT+10' : 'UTC';
  return { timeZone, calendar: new Calendar(timeZone) };
}

const monthName = (month: number): string => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;

/** Builds last month, with a thousand requests a minute of which so many were bad. The book allows 4,383 bad ones. */
function lastMonth(now: number, bad: number) {
  const { timeZone, calendar } = calendarAt(now);
  const month = calendar.monthAt(now) - 1;
  const [begin, end] = [calendar.startOf(month), calendar.startOf(month + 1)];
  const count = Math.round((end - begin) / MINUTE) * 1_000;
  const policy = { kind: 'CARRY_OVER', timeZone } as const;
  const invocations = [
    { at: begin - DAY, count: 1 },
    { at: begin + 10 * DAY, count },
    { at: now - MINUTE, count: 1_000 },
  ];
  return {
    month,
    calendar,
    given: {
      check: { objective: 99.99, policy },
      served: { [EUROPE]: ['shop-handler'] },
      written: [
        ...written(EUROPE, lambdaMetric('Invocations'), invocations),
        ...written(EUROPE, lambdaMetric('Errors'), [{ at: begin + 10 * DAY, count: bad }]),
      ],
    },
  };
}

/** The budget, from far within to far over it, in every kind of window and from every kind of source. */
export const BUDGET_CASES: readonly GateCase[] = [
  {
    name: 'under budget, two regions',
    verdict: 'PASS',
    given: (now) => ({
      written: [
        ...traffic(now, { region: EUROPE, requests: REQUESTS / 4, days: 28 }),
        ...traffic(now, {
          region: AMERICA,
          requests: (REQUESTS / 4) * 3,
          days: 28,
          errors: [{ at: now - 3 * DAY, count: 10_080 }],
        }),
      ],
      reason: '10.08 min down <= 40.32 min allowed, 75.0 % of the budget left of 99.9 %',
    }),
  },
  {
    name: 'exactly at it, two regions',
    verdict: 'PASS',
    given: (now) => ({
      written: [
        ...traffic(now, {
          region: EUROPE,
          requests: REQUESTS / 4,
          days: 28,
          errors: [{ at: now - 9 * DAY, count: 10_320 }],
        }),
        ...traffic(now, {
          region: AMERICA,
          requests: (REQUESTS / 4) * 3,
          days: 28,
          errors: [{ at: now - 3 * DAY, count: 30_000 }],
        }),
      ],
      reason: '40.32 min down <= 40.32 min allowed, 0.0 % of the budget left of 99.9 %',
    }),
  },
  {
    name: 'one request in 40 million over it',
    verdict: 'FAIL',
    given: (now) => ({
      written: [
        ...traffic(now, { region: EUROPE, requests: REQUESTS / 2, days: 28 }),
        ...traffic(now, {
          region: AMERICA,
          requests: REQUESTS / 2,
          days: 28,
          errors: [{ at: now - 3 * DAY, count: 40_321 }],
        }),
      ],
      reason: /^40\.32\d* min down within 28 days > 40\.32 min allowed: blocks until/,
    }),
  },
  {
    name: 'far over it, a third of it throttled',
    verdict: 'FAIL',
    given: (now) => ({
      served: { [EUROPE]: ['shop-handler'] },
      written: traffic(now, {
        region: EUROPE,
        requests: 39_990,
        days: 28,
        errors: [{ at: now - 3 * DAY, count: 20 * 33 }],
        throttled: [{ at: now - 3 * DAY, count: 330 }],
      }),
      reason: /^990\.0 min down within 28 days > 40\.32 min allowed/,
    }),
  },
  {
    name: 'little left',
    verdict: 'PASS',
    given: (now) => ({
      check: { warnBelow: 25 },
      served: { [EUROPE]: ['shop-handler'] },
      written: traffic(now, { region: EUROPE, requests: 40_320, days: 28, errors: [{ at: now - 3 * DAY, count: 36 }] }),
      reason: '36.00 min down <= 40.32 min allowed, 10.7 % of the budget left',
    }),
  },
  {
    name: 'within it, and burning fast',
    verdict: 'FAIL',
    given: (now) => ({
      check: { fastBurn: 14.4 },
      served: { [EUROPE]: ['shop-handler'] },
      written: traffic(now, {
        region: EUROPE,
        requests: 403_200,
        days: 28,
        errors: [{ at: now - MINUTE, count: 300 }],
      }),
      reason:
        /^the budget burns at 17\.\d times its rate over 1 h, and 17\.\d times over 5 min >= 14\.4; 30\.00 min down <= 40\.32/,
    }),
  },
  {
    name: '10 days: over it by what failed 9 days ago',
    verdict: 'FAIL',
    given: (now) => ({ ...over(10, 9 * DAY)(now), reason: /^20\.0 min down within 10 days > 14\.40 min allowed/ }),
  },
  {
    name: '10 days: what failed 11 days ago is over',
    verdict: 'PASS',
    given: (now) => ({ ...over(10, 11 * DAY)(now), reason: '0.00 min down <= 14.40 min allowed' }),
  },
  {
    name: '28 days: over it by what failed 20 days ago',
    verdict: 'FAIL',
    given: (now) => ({ ...over(28, 20 * DAY)(now), reason: /^56\.0 min down within 28 days > 40\.32 min allowed/ }),
  },
  {
    name: '100 days: over it by what failed 70 days ago',
    verdict: 'FAIL',
    given: (now) => ({
      ...over(100, 70 * DAY)(now),
      reason: /^200\.0 min down within 100 days > 144\.00 min allowed/,
    }),
  },
  {
    name: 'calendar month: over it',
    verdict: 'FAIL',
    given: (now) => {
      const { timeZone, calendar } = calendarAt(now);
      const month = calendar.monthAt(now);
      const begin = calendar.startOf(month);
      const at = now - Math.floor((now - begin) / 2);
      return {
        check: { objective: 99.99, policy: { kind: 'UNTIL_RECOVERED_IN_MONTH', timeZone } },
        served: { [EUROPE]: ['shop-handler'] },
        written: [
          ...written(EUROPE, lambdaMetric('Invocations'), [
            { at: begin + HOUR, count: 100 },
            { at, count: 100 },
            { at: now - MINUTE, count: 100 },
          ]),
          ...written(EUROPE, lambdaMetric('Errors'), [{ at, count: 100 }]),
        ],
        reason: new RegExp(`min down in ${monthName(month)} > 4\\.38 min allowed: blocks the rest of it`),
        until: calendar.startOf(month + 1),
      };
    },
  },
  {
    name: 'carry-over: 12 min down last month',
    verdict: 'FAIL',
    given: (now) => {
      const { month, calendar, given } = lastMonth(now, 12_000);
      const reason = `12.0 min down in ${monthName(month)} > 4.38 min allowed: blocks the rest of it and the next 3 calendar months`;
      return { ...given, reason, until: calendar.startOf(month + 4) };
    },
  },
  {
    name: 'carry-over: exactly at it last month',
    verdict: 'PASS',
    given: (now) => ({ ...lastMonth(now, 4_383).given, reason: '0.00 min down <= 4.38 min allowed' }),
  },
  {
    name: 'carry-over: one request over it last month',
    verdict: 'FAIL',
    given: (now) => {
      const { month, calendar, given } = lastMonth(now, 4_384);
      const reason = new RegExp(
        `^4\\.4 min down in ${monthName(month)} > 4\\.38 min allowed.* the next 2 calendar months`,
      );
      return { ...given, reason, until: calendar.startOf(month + 3) };
    },
  },
  {
    name: 'counts of the team: over it',
    verdict: 'FAIL',
    given: (now) => {
      const metric = (name: string) => ({ namespace: 'Shop', name, dimensions: { Service: 'shop' } });
      const requests = traffic(now, { region: EUROPE, requests: 40_320, days: 28 });
      const counts = requests.map(({ at, value }) => ({ at, count: value }));
      const failed = { at: now - 5 * DAY, count: 100 };
      return {
        check: { source: { kind: 'COUNTS', total: metric('Total'), good: metric('Good') } },
        served: { [EUROPE]: ['shop-handler'] },
        written: [...written(EUROPE, metric('Total'), [...counts, failed]), ...written(EUROPE, metric('Good'), counts)],
        reason: /^9\d\.\d min down within 28 days > 40\.32 min allowed/,
      };
    },
  },
  {
    name: 'uptime of a canary: over it',
    verdict: 'FAIL',
    given: (now) => uptime(now, 3),
  },
  {
    name: 'uptime of a canary: within it',
    verdict: 'PASS',
    given: (now) => uptime(now, 2),
  },
  {
    name: 'latency: too many slow requests',
    verdict: 'FAIL',
    beyondMoto: 'the statistic TC',
    given: (now) => ({
      check: { source: { kind: 'LATENCY', thresholdMs: 300 }, policy: rolling(1), objective: 90 },
      served: { [EUROPE]: ['shop-handler'] },
      written: Array.from({ length: 24 }, (_each, hour) => ({
        region: EUROPE,
        metric: lambdaMetric('Duration'),
        at: now - DAY + MINUTE + hour * HOUR,
        value: hour % 8 === 0 ? 301 : 300,
      })).concat([{ region: EUROPE, metric: lambdaMetric('Duration'), at: now - MINUTE, value: 20 }]),
      reason: /^17\d\.\d* min down within 1 day > 144\.00 min allowed/,
    }),
  },
];

/** Builds an uptime with a point an hour for two days, in a window of 100 days: 144 min are allowed. */
function uptime(now: number, hoursDown: number): ReturnType<GateCase['given']> {
  const metric = { namespace: 'CloudWatchSynthetics', name: 'SuccessPercent', dimensions: { CanaryName: 'shop' } };
  const hours = Array.from({ length: 48 }, (_each, index) => index);
  const begin = Math.floor(now / HOUR) * HOUR - 47 * HOUR;
  return {
    check: { source: { kind: 'UPTIME', metric, scale: 100 }, policy: rolling(100) },
    served: { [EUROPE]: ['shop-handler'] },
    written: written(
      EUROPE,
      metric,
      hours.map((hour) => ({ at: begin + hour * HOUR, count: hour >= 10 && hour < 10 + hoursDown ? 0 : 100 })),
    ),
    reason:
      hoursDown > 2
        ? /^1[78]\d\.\d min down within 100 days > 144\.00 min allowed/
        : /^1[12]\d\.\d\d min down <= 144\.00 min allowed/,
  };
}
