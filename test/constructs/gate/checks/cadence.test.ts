import { Aws, Duration, Token } from 'aws-cdk-lib';
import { GateCheck } from '../../../../constructs';
import { BOTH_STAGES, bind, grantsOf } from '../context';

describe('cadence', () => {
  test('has both rules, in UTC', () => {
    expect(bind(GateCheck.cadence({ maxPerDay: 2, minimumInterval: Duration.hours(4) }))).toEqual({
      kind: 'CADENCE',
      name: 'cadence',
      stages: BOTH_STAGES,
      maxPerDay: 2,
      minimumMinutes: 240,
      timeZone: 'UTC',
    });
  });

  test('has one of them, and the days of a zone', () => {
    const check = bind(GateCheck.cadence({ maxPerDay: 1, timeZone: 'Europe/Berlin' }));
    expect(check).toMatchObject({ maxPerDay: 1, timeZone: 'Europe/Berlin' });
    expect(check).not.toHaveProperty('minimumMinutes');
  });

  test('needs no permission beside the ledger', () => {
    expect(grantsOf(GateCheck.cadence({ maxPerDay: 1 }))).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['no rule', {}, 'has neither maxPerDay nor minimumInterval, and would let everything pass: set one of them'],
    ['none a day', { maxPerDay: 0 }, 'maxPerDay is 0, but must be a whole number of 1–100'],
    ['half a release', { maxPerDay: 1.5 }, 'maxPerDay is 1.5, but'],
    ['too many a day', { maxPerDay: 101 }, 'maxPerDay is 101, but'],
    ['a token', { maxPerDay: Token.asNumber({ Ref: 'X' }) }, 'maxPerDay is a token'],
    [
      'no time',
      { minimumInterval: Duration.minutes(0) },
      'minimumInterval is 0 min, but must be 1–43200 min (30 days)',
    ],
    ['more than 30 days', { minimumInterval: Duration.minutes(43_201) }, 'minimumInterval is 43201 min, but must be'],
    ['seconds', { minimumInterval: Duration.seconds(90) }, 'minimumInterval is 90 s, but must be whole minutes'],
    [
      'no zone',
      { maxPerDay: 1, timeZone: 'Berlin' },
      'timeZone is "Berlin", but must be a time zone of the IANA database',
    ],
    ['a zone as token', { maxPerDay: 1, timeZone: Aws.REGION }, 'timeZone is a token'],
  ])('refuses %s', (_what, options, message) => {
    expect(() => GateCheck.cadence(options)).toThrow(message);
  });

  test('takes the limits', () => {
    expect(bind(GateCheck.cadence({ maxPerDay: 100, minimumInterval: Duration.days(30) }))).toMatchObject({
      maxPerDay: 100,
      minimumMinutes: 43_200,
    });
  });
});
