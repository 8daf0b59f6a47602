import { Aws, Lazy, Token } from 'aws-cdk-lib';
import { DeploymentWindow, Weekday } from '../../../constructs/production/deployment-window';

test('always is no window', () => {
  expect(DeploymentWindow.always()._window).toBeUndefined();
});

test.each([
  [{}, '* 9-16 * * 1-5'],
  [{ from: 8, to: 20 }, '* 8-19 * * 1-5'],
  [{ from: 0, to: 24 }, '* 0-23 * * 1-5'],
  [{ from: 9, to: 10 }, '* 9 * * 1-5'],
  [{ days: [Weekday.TUESDAY, Weekday.SUNDAY, Weekday.TUESDAY] }, '* 9-16 * * 0,2'],
])('business hours %j are %s', (options, cron) => {
  const { _window } = DeploymentWindow.businessHours('Europe/Berlin', options);
  expect(_window).toEqual({ cron, timeZone: 'Europe/Berlin' });
});

test('a cron expression is in UTC if no zone is given, and its blanks are single', () => {
  expect(DeploymentWindow.cron(' 0,30  9 *\t* MON-FRI ')._window).toEqual({
    cron: '0,30 9 * * MON-FRI',
    timeZone: 'UTC',
  });
});

test.each([
  ['the last day of February', '0 9 L 2 *', 'UTC'],
  ['a minute that another zone skips', '30 2 * 3 SUN#L', 'America/New_York'],
  ['a minute that summer time skips on one day only', '30 2 * * *', 'Europe/Berlin'],
])('%s comes every year', (_what, cron, timeZone) => {
  expect(DeploymentWindow.cron(cron, timeZone)._window).toEqual({ cron, timeZone });
});

test('single minutes are enough', () => {
  expect(DeploymentWindow.cron('0 9 1 1 *', 'Asia/Tokyo')._window).toEqual({
    cron: '0 9 1 1 *',
    timeZone: 'Asia/Tokyo',
  });
});

describe('refuses', () => {
  const hours =
    (options: object, zone = 'Europe/Berlin') =>
    () =>
      DeploymentWindow.businessHours(zone, options);
  const cron = (expression: string, zone?: string) => () => DeploymentWindow.cron(expression, zone);

  test.each([
    [
      'a zone that there is not',
      hours({}, 'Berlin'),
      'DeploymentWindow.businessHours: timeZone is "Berlin", but must be a time zone of the IANA database: write one such as "Europe/Berlin"',
    ],
    ['an empty zone', cron('* * * * *', ''), 'DeploymentWindow.cron: timeZone is "", but must be a time zone'],
    [
      'hours the wrong way round',
      hours({ from: 17, to: 9 }),
      'DeploymentWindow.businessHours: from is 17, but must be less than to, which is 9: change one of the two',
    ],
    ['no hours at all', hours({ from: 9, to: 9 }), 'from is 9, but must be less than to'],
    [
      'half hours',
      hours({ from: 8.5 }),
      'DeploymentWindow.businessHours: from is 8.5, but must be a whole number of 0–23',
    ],
    ['an hour that no day has', hours({ to: 25 }), 'to is 25, but must be a whole number of 1–24'],
    ['no days', hours({ days: [] }), 'days is [], but a window needs at least one day'],
    [
      'what is no day',
      hours({ days: ['Monday'] }),
      'days has "Monday", but must have days of the week: use Weekday.MONDAY',
    ],
    [
      'six fields',
      cron('0 * 9 * * 1-5'),
      'DeploymentWindow.cron: expression is "0 * 9 * * 1-5", which is no cron expression of five fields (minute, hour, day of month, ' +
        'month, day of week)',
    ],
    ['an hour that no clock has', cron('* 25 * * *'), 'Invalid value for hour: 25. Write one such as "* 9-16 * * 1-5"'],
    ['words', cron('during the working day please'), 'which is no cron expression of five fields'],
    [
      'a day that never comes',
      cron('* * 31 4 *'),
      'expression is "* * 31 4 *", but that matches no minute within a year: change its days or months',
    ],
    [
      'a minute that the clocks of the zone always skip',
      cron('30 2 * 3 SUN#L', 'Europe/Berlin'),
      'expression is "30 2 * 3 SUN#L", but that matches no minute within a year: change its days or months',
    ],
    [
      'a day that most years lack',
      cron('* * 29 2 *'),
      'expression is "* * 29 2 *", but that matches no minute within the whole year 2025: change its days or months',
    ],
  ])('%s', (_what, make, message) => {
    expect(make).toThrow(message);
  });

  test.each([
    ['zone', () => DeploymentWindow.businessHours(Aws.REGION), 'timeZone is a token'],
    ['expression', () => DeploymentWindow.cron(Lazy.string({ produce: () => '* * * * *' })), 'expression is a token'],
    [
      'hour',
      hours({ from: Token.asNumber({ Ref: 'From' }) }),
      'from is a token, whose value is known only at deploy time',
    ],
  ])('a token as %s', (_what, make, message) => {
    expect(make).toThrow(message);
  });
});
