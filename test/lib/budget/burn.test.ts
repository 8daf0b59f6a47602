import { burn, highestBurn } from '../../../lib/budget/burn';

const AT = Date.parse('2026-11-20T09:00:00Z');
const MINUTE = 60_000;

const hour = (bad: (minute: number) => number, total = 1_000) =>
  Array.from({ length: 60 }, (_each, minute) => ({ at: AT + minute * MINUTE, seconds: 60, total, bad: bad(minute) }));

test('a budget of 0.1 % burns at 14.4 when 1.44 % of the requests fail', () => {
  const rates = burn(
    hour(() => 14.4),
    99.9,
  );
  expect(rates?.long).toBeCloseTo(14.4, 9);
  expect(rates?.short).toBeCloseTo(14.4, 9);
});

test('an outage that is over does not burn in the short window any more', () => {
  const rates = burn(
    hour((minute) => (minute < 50 ? 500 : 0)),
    99.9,
  );
  expect(rates?.long).toBeGreaterThan(400);
  expect(rates?.short).toBe(0);
  expect(rates?.until).toBe(AT + 55 * MINUTE);
});

test('an outage older than an hour does not count', () => {
  const old = { at: AT - 3 * MINUTE, seconds: 60, total: 1_000, bad: 1_000 };
  expect(burn([old, ...hour(() => 0)], 99.9)?.long).toBe(0);
});

test('fewer than 100 requests in the hour give no burn rate', () => {
  expect(
    burn(
      hour(() => 1, 1.5),
      99.9,
    ),
  ).toBeUndefined();
  expect(burn([], 99.9)).toBeUndefined();
});

test('an objective of 90 % never burns faster than at ten times its rate', () => {
  expect(highestBurn(90)).toBeCloseTo(10, 9);
  expect(
    burn(
      hour(() => 1_000),
      90,
    )?.long,
  ).toBeCloseTo(10, 9);
});
