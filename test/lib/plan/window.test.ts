import { CYCLE_YEARS, checkWindow, closedYears, isOpen, nextOpening, type Window } from '../../../lib/plan/window';

const berlin = (cron: string): Window => ({ cron, timeZone: 'Europe/Berlin' });
const OFFICE = berlin('* 9-16 * * 1-5');

const iso = (moment: number | undefined) => (moment === undefined ? undefined : new Date(moment).toISOString());
const next = (window: Window, from: string) => iso(nextOpening(window, Date.parse(from)));

test.each([
  ['its first second', '2026-11-20T08:00:00Z', true],
  ['the second before', '2026-11-20T07:59:59.999Z', false],
  ['its last second', '2026-11-20T15:59:59.999Z', true],
  ['its end', '2026-11-20T16:00:00Z', false],
  ['Saturday noon', '2026-11-21T12:00:00Z', false],
  ['the same hour in summer', '2026-07-20T07:00:00Z', true],
])('business hours in Berlin, %s', (_when, moment, open) => {
  expect(isOpen(OFFICE, Date.parse(moment))).toBe(open);
});

test.each([
  ['an open window opens now', OFFICE, '2026-11-20T10:12:13.456Z', '2026-11-20T10:12:13.456Z'],
  ['in the morning', OFFICE, '2026-11-20T03:00:00Z', '2026-11-20T08:00:00.000Z'],
  ['a moment before', OFFICE, '2026-11-20T07:59:59.999Z', '2026-11-20T08:00:00.000Z'],
  ['over a weekend', OFFICE, '2026-11-20T16:00:00Z', '2026-11-23T08:00:00.000Z'],
  ['over the weekend in which summer begins', OFFICE, '2026-03-27T16:00:00Z', '2026-03-30T07:00:00.000Z'],
  ['over the weekend in which summer ends', OFFICE, '2026-10-23T15:00:00Z', '2026-10-26T08:00:00.000Z'],
  [
    'a minute that a night lacks comes the night after',
    berlin('30 2 * * *'),
    '2026-03-28T12:00:00Z',
    '2026-03-30T00:30:00.000Z',
  ],
  [
    'a minute that a night has twice comes once',
    berlin('30 2 * * *'),
    '2026-10-24T12:00:00Z',
    '2026-10-25T00:30:00.000Z',
  ],
  ['and once more', berlin('30 2 * * *'), '2026-10-25T00:31:00Z', '2026-10-25T01:30:00.000Z'],
  [
    'a single minute of a year',
    { cron: '0 0 29 2 *', timeZone: 'UTC' },
    '2026-11-20T00:00:00Z',
    '2028-02-29T00:00:00.000Z',
  ],
  [
    'another zone',
    { cron: '* 9-16 * * 1-5', timeZone: 'Asia/Kathmandu' },
    '2026-11-20T00:00:00Z',
    '2026-11-20T03:15:00.000Z',
  ],
])('%s', (_what, window, from, opens) => {
  expect(next(window, from)).toBe(opens);
});

test('a day that never comes opens no window', () => {
  expect(nextOpening({ cron: '* * 30 2 *', timeZone: 'UTC' }, Date.parse('2026-11-20T00:00:00Z'))).toBeUndefined();
});

describe('a window is closed', () => {
  const leapYears = [2024, 2028, 2032, 2036, 2040, 2044, 2048];
  const closed = (cron: string, timeZone = 'UTC') => closedYears({ cron, timeZone });

  test.each([
    ['* 9-16 * * 1-5', 'Europe/Berlin'],
    ['0 0 1 1 *', 'Pacific/Kiritimati'],
    ['59 23 31 12 *', 'Pacific/Pago_Pago'],
    ['0 0 L 2 *', 'Asia/Kathmandu'],
    ['* * LW 4 *', 'UTC'],
  ])('in no year: %s in %s', (cron, timeZone) => {
    expect(closed(cron, timeZone)).toEqual([]);
  });

  test.each([
    ['a day that no month has', '* * 30,31 2 *', 'UTC'],
    ['a weekday nearest to such a day', '* * 31W 4 *', 'UTC'],
    ['an hour that Berlin skips when summer begins', '30 2 25-31 3 +0', 'Europe/Berlin'],
    ['an hour that New York skips when summer begins', '30 2 * 3 SUN#2', 'America/New_York'],
  ])('in every year: %s', (_what, cron, timeZone) => {
    expect(closed(cron, timeZone)).toHaveLength(CYCLE_YEARS);
  });

  test('in years without a leap day', () => {
    expect(closed('0 9 29 2 *').filter((year) => leapYears.includes(year))).toEqual([]);
    expect(closed('0 9 29 2 *')).toHaveLength(CYCLE_YEARS - leapYears.length);
  });

  test.each([0, 1, 2, 3, 4, 5, 6])('but for one year, where its leap day must be weekday %i', (weekday) => {
    // Every leap day of the cycle is another day of the week: the cycle leaves no kind of year out.
    expect(closed(`0 9 29 2 +${weekday}`)).toHaveLength(CYCLE_YEARS - 1);
  });

  test('in the same years whatever the day is', () => {
    const years = closed('0 0 * 12 5#5');
    jest.useFakeTimers({ now: Date.UTC(2046, 5, 1) });
    expect(closed('0 0 * 12 5#5')).toEqual(years);
    jest.useRealTimers();
  });
});

test.each([
  ['a field too many', { cron: '0 * 9 * * 1-5', timeZone: 'UTC' }, /five fields: minute, hour/],
  ['a field too few', { cron: '* 9 * *', timeZone: 'UTC' }, /five fields/],
  ['a nickname', { cron: '@daily', timeZone: 'UTC' }, /five fields/],
  ['a minute that no hour has', { cron: '60 9 * * *', timeZone: 'UTC' }, /Invalid value for minute/],
  ['no cron at all', { cron: 'a b c d e', timeZone: 'UTC' }, /CronPattern/],
  ['a zone that does not exist', { cron: '* * * * *', timeZone: 'Europe/Berlino' }, /Invalid time zone/],
])('%s is refused', (_what, window, error) => {
  expect(() => checkWindow(window)).toThrow(error);
});
