import { Duration } from 'aws-cdk-lib';
import { BudgetPolicy, BudgetWindow } from '../../../constructs';

const DAY = 24 * 60;

describe('untilRecovered', () => {
  test('looks back 28 days by default', () => {
    expect(BudgetPolicy.untilRecovered()._policy).toEqual({ kind: 'UNTIL_RECOVERED', windowMinutes: 28 * DAY });
  });

  test('may count calendar months', () => {
    const window = BudgetWindow.calendarMonth('Europe/Berlin');
    expect(BudgetPolicy.untilRecovered({ window })._policy).toEqual({
      kind: 'UNTIL_RECOVERED_IN_MONTH',
      timeZone: 'Europe/Berlin',
    });
  });

  test.each([Duration.hours(23), Duration.days(456)])('refuses a window of %s', (length) => {
    expect(() => BudgetWindow.rolling(length)).toThrow(
      `length is ${length.toMinutes()} min, but must be 1440–655200 (1–455 days)`,
    );
  });

  test('refuses an unknown zone', () => {
    expect(() => BudgetWindow.calendarMonth('Europe/Atlantis')).toThrow('must be a time zone of the IANA database');
  });
});

describe('carryOver', () => {
  test('has no bound by default, and counts in UTC', () => {
    expect(BudgetPolicy.carryOver()._policy).toEqual({ kind: 'CARRY_OVER', timeZone: 'UTC' });
  });

  test('may be bound', () => {
    const policy = BudgetPolicy.carryOver({ maxBlock: Duration.days(30), timeZone: 'Asia/Kolkata' });
    expect(policy._policy).toEqual({ kind: 'CARRY_OVER', timeZone: 'Asia/Kolkata', maxBlockMinutes: 30 * DAY });
  });

  test('refuses a bound of less than an hour, and an unknown zone', () => {
    expect(() => BudgetPolicy.carryOver({ maxBlock: Duration.minutes(59) })).toThrow('maxBlock is 59 min');
    expect(() => BudgetPolicy.carryOver({ timeZone: 'Mars' })).toThrow('BudgetPolicy.carryOver: timeZone is "Mars"');
  });
});

describe('a warning', () => {
  test('is of a percentage of the budget, and leaves the rest of the policy as it is', () => {
    const policy = BudgetPolicy.carryOver().withoutFastBurn().warnBelow(25);
    expect(policy).toMatchObject({ _warnBelow: 25, _policy: { kind: 'CARRY_OVER' } });
    expect(policy._fastBurnFor(99.9)).toBeUndefined();
  });

  test.each([0, 100, Number.NaN])('of %d %% is refused', (percentage) => {
    expect(() => BudgetPolicy.untilRecovered().warnBelow(percentage)).toThrow('must be above 0 and below 100');
  });
});

describe('a fast burn', () => {
  test('blocks at 14.4 by default', () => {
    expect(BudgetPolicy.untilRecovered()._fastBurnFor(99.9)).toBe(14.4);
  });

  test('is left out by default where the objective cannot burn so fast', () => {
    expect(BudgetPolicy.untilRecovered()._fastBurnFor(93)).toBeUndefined();
    expect(BudgetPolicy.untilRecovered()._fastBurnFor(93.1)).toBe(14.4);
  });

  test('is refused if it is set, and the objective can never reach it', () => {
    expect(() => BudgetPolicy.untilRecovered().fastBurn(10)._fastBurnFor(90)).toThrow(
      'rate is 10, but an objective of 90 % burns at 10.0 at most',
    );
    expect(BudgetPolicy.untilRecovered().fastBurn(9.9)._fastBurnFor(90)).toBe(9.9);
  });

  test.each([1, 0, -3, Number.POSITIVE_INFINITY, Number.NaN])('at a rate of %d is refused', (rate) => {
    expect(() => BudgetPolicy.untilRecovered().fastBurn(rate)).toThrow('must be above 1');
  });
});
