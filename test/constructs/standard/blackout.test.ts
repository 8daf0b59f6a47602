import { Aws } from 'aws-cdk-lib';
import type { Blackout } from '../../../constructs/standard/blackout';
import { DeploymentStandard } from '../../../constructs/standard/deployment-standard';

const planned = (...blackouts: Blackout[]) => new DeploymentStandard({ name: 'acme', blackouts })._blackouts;

test.each<[string, Blackout, string, string]>([
  ['one day', { from: '2026-12-24', to: '2026-12-24' }, '2026-12-24T00:00:00.000Z', '2026-12-25T00:00:00.000Z'],
  [
    'days of a zone, the last included',
    { from: '2026-12-24', to: '2026-12-26', timeZone: 'Europe/Berlin' },
    '2026-12-23T23:00:00.000Z',
    '2026-12-26T23:00:00.000Z',
  ],
  [
    'days between which the clocks change',
    { from: '2027-03-27', to: '2027-03-28', timeZone: 'Europe/Berlin' },
    '2027-03-26T23:00:00.000Z',
    '2027-03-28T22:00:00.000Z',
  ],
  [
    'a day that begins at 1 h, since its midnight is skipped',
    { from: '2027-04-30', to: '2027-04-30', timeZone: 'Africa/Cairo' },
    '2027-04-29T22:00:00.000Z',
    '2027-04-30T21:00:00.000Z',
  ],
  [
    'days of the zone that is first',
    { from: '2027-01-01', to: '2027-01-01', timeZone: 'Pacific/Kiritimati' },
    '2026-12-31T10:00:00.000Z',
    '2027-01-01T10:00:00.000Z',
  ],
  [
    'days of the zone that is last',
    { from: '2027-01-01', to: '2027-01-01', timeZone: 'Pacific/Pago_Pago' },
    '2027-01-01T11:00:00.000Z',
    '2027-01-02T11:00:00.000Z',
  ],
  [
    'a day that its zone has skipped, and the day after',
    { from: '2011-12-30', to: '2011-12-31', timeZone: 'Pacific/Apia' },
    '2011-12-30T10:00:00.000Z',
    '2011-12-31T10:00:00.000Z',
  ],
  [
    'moments with an offset',
    { from: '2026-12-24T18:00+01:00', to: '2026-12-25T00:00:30Z' },
    '2026-12-24T17:00:00.000Z',
    '2026-12-25T00:00:30.000Z',
  ],
  [
    'a moment and a day',
    { from: '2026-12-24T18:00+01:00', to: '2026-12-25', timeZone: 'Europe/Berlin' },
    '2026-12-24T17:00:00.000Z',
    '2026-12-25T23:00:00.000Z',
  ],
])('%s', (_what, blackout, from, to) => {
  expect(planned(blackout)).toEqual([{ from, to }]);
});

test('blackouts may overlap, and are sorted', () => {
  const late = { from: '2026-12-25', to: '2027-01-01', reason: 'holidays' };
  const early = { from: '2026-12-20', to: '2026-12-28', reason: 'sale' };
  expect(planned(late, early).map(({ reason }) => reason)).toEqual(['sale', 'holidays']);
});

test('past blackouts stay: the handlers, which have a clock, skip them', () => {
  const over = { from: '2016-11-01', to: '2016-11-30', reason: 'over' };
  const ahead = { from: '2126-11-30', to: '2126-12-01', reason: 'ahead' };
  expect(planned(ahead, over).map(({ reason }) => reason)).toEqual(['over', 'ahead']);
});

const day = { from: '2026-12-24', to: '2026-12-26' };

test.each<[string, Blackout, string]>([
  [
    'an end before its begin',
    { from: '2026-12-24', to: '2026-12-23' },
    'standard "acme": blackouts[0].from is "2026-12-24", but must be before to, which is "2026-12-23": change one of the two',
  ],
  ['no time at all', { from: '2026-12-24T00:00Z', to: '2026-12-24T00:00Z' }, 'must be before to'],
  [
    'a moment without an offset',
    { ...day, from: '2026-12-24T18:00' },
    'blackouts[0].from is "2026-12-24T18:00", but must be a day such as "2026-12-24" or a moment with an offset',
  ],
  ['a day that there is not', { ...day, from: '2026-02-30' }, 'from is "2026-02-30", but must be a day'],
  ['a moment of such a day', { ...day, from: '2026-02-30T00:00Z' }, 'from is "2026-02-30T00:00Z", but must be'],
  ['an offset that there is not', { ...day, to: '2026-12-24T00:00+99:00' }, 'blackouts[0].to is'],
  ['words', { ...day, to: 'Epiphany' }, 'blackouts[0].to is "Epiphany"'],
  [
    'a zone that there is not',
    { ...day, timeZone: 'CETT' },
    'blackouts[0].timeZone is "CETT", but must be a time zone of the IANA database',
  ],
  ['an empty reason', { ...day, reason: ' ' }, 'blackouts[0].reason has 1 characters, but must have 1–100'],
  ['a long reason', { ...day, reason: 'x'.repeat(101) }, 'blackouts[0].reason has 101 characters, but must have 1–100'],
  ['a token', { ...day, from: Aws.REGION }, 'blackouts[0].from is a token'],
])('%s is refused', (_what, blackout, message) => {
  expect(() => planned(blackout)).toThrow(message);
});
