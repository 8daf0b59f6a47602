import * as fc from 'fast-check';
import { readHistory, readMoment } from '../../../../lib/budget/backtest/history';

const iso = (moment: number | undefined) => (moment === undefined ? undefined : new Date(moment).toISOString());
const ROW = '2026-03-10T10:00:00Z,2026-03-10T10:12:00Z';
const OUTAGE = { from: Date.parse('2026-03-10T10:00:00Z'), to: Date.parse('2026-03-10T10:12:00Z'), severity: 1 };

describe('a moment', () => {
  test.each([
    ['2026-03-10T10:00:00Z', '2026-03-10T10:00:00.000Z'],
    ['2026-03-10T10:00Z', '2026-03-10T10:00:00.000Z'],
    ['2026-03-10t10:00:00.25z', '2026-03-10T10:00:00.250Z'],
    ['2026-03-10T10:00:00.123456+05:30', '2026-03-10T04:30:00.123Z'],
    ['2026-03-10T10:00:00-0330', '2026-03-10T13:30:00.000Z'],
    ['2026-03-10T10:00:00+02', '2026-03-10T08:00:00.000Z'],
    ['2026-03-10 10:00:00 +00:00', '2026-03-10T10:00:00.000Z'],
    ['2026-03-10T24:00:00Z', '2026-03-11T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('%s is read', (text, expected) => {
    expect(iso(readMoment(text))).toBe(expected);
  });

  test('without an offset is in UTC, wherever this runs', () => {
    expect(iso(readMoment('2026-07-10T10:00:00'))).toBe('2026-07-10T10:00:00.000Z');
  });

  test.each([
    '',
    'yesterday',
    '10.03.2026',
    '1741600800',
    '2026-02-29',
    '2026-13-01',
    '2026-03-00',
    '2026-03-10T25:00Z',
    '2026-03-10T24:01Z',
    '2026-03-10T10:60Z',
    '2026-03-10T10:00:60Z',
    '2026-03-10T10:00+19:00',
    '2026-03-10T10:00+02:60',
    '2026-03-10T10Z',
    '1969-12-31T23:00:00Z',
    '2206-03-10T10:00:00Z',
    '2026-03-10T10:00:00Z and more',
  ])('%j is none', (text) => {
    expect(readMoment(text)).toBeUndefined();
  });

  test('is read as it is written', () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          expect(readMoment(date.toISOString())).toBe(date.getTime());
        },
      ),
    ));
});

describe('a history', () => {
  test.each([
    ['with a header', `start,end,severity\n${ROW},1\n`],
    ['with a header of two columns', `Start, End\n${ROW}`],
    ['without a header', ROW],
    ['with blank lines', `\n  \n${ROW}\n\n`],
    ['with the ends of lines of Windows', `start,end\r\n${ROW}\r\n`],
    ['with a byte order mark', `\uFEFFstart,end\n${ROW}`],
    ['with quotes', '"start","end"\n"2026-03-10T10:00:00Z","2026-03-10T10:12:00Z","1"'],
    ['with spaces', ' 2026-03-10T10:00:00Z , "2026-03-10T10:12:00Z" , 1.0 '],
    ['with an empty severity', `${ROW},`],
  ])('%s is read', (_how, csv) => {
    expect(readHistory(csv)).toEqual({ downtimes: [OUTAGE], problems: [] });
  });

  test.each([
    ['0', 0],
    ['0.25', 0.25],
    ['.5', 0.5],
    ['1e-1', 0.1],
  ])('has a severity of %s', (text, severity) => {
    expect(readHistory(`${ROW},${text}`).downtimes).toEqual([{ ...OUTAGE, severity }]);
  });

  test('that is empty has neither outages nor problems', () => {
    expect(readHistory('start,end,severity\n\n')).toEqual({ downtimes: [], problems: [] });
  });

  test('names every bad line by its number, also behind blank ones and a header', () => {
    const csv = [
      'start,end,severity',
      ROW,
      '',
      'yesterday,2026-03-10T10:12:00Z',
      '2026-03-10T10:12:00Z,2026-03-10T10:12:00Z',
      `${ROW},1.5`,
      `${ROW},1,down`,
      '2026-03-10T10:00:00Z',
      `"2026-03-10T10:00:00Z,${ROW}`,
      'start,end,severity',
      'soon,later,badly',
    ].join('\r\n');

    expect(readHistory(csv).problems).toEqual([
      expect.stringMatching(/^line 4: start is "yesterday", but must be a time in ISO 8601 of the years 1970 to 2099/),
      'line 5: end is "2026-03-10T10:12:00Z", but must be after start, which is "2026-03-10T10:12:00Z"',
      'line 6: severity is "1.5", but must be a number from 0 to 1',
      expect.stringMatching(/^line 7: 4 columns, but there must be 2 or 3: start,end,severity; it is "2026/),
      expect.stringMatching(/^line 8: 1 column, but there must be 2 or 3/),
      expect.stringMatching(/^line 9: a quote is not closed/),
      expect.stringMatching(/^line 10: start is "start", .*; end is "end", .*; severity is "severity"/),
      expect.stringMatching(/^line 11: start is "soon", .*; end is "later", .*; severity is "badly"/),
    ]);
  });

  test.each(['-0.1', '1.01', 'NaN', 'Infinity', '0x1', '50%', 'high'])('refuses a severity of %s', (severity) => {
    expect(readHistory(`${ROW},${severity}`).problems).toEqual([
      `line 1: severity is "${severity}", but must be a number from 0 to 1`,
    ]);
  });

  test('never throws on a text that is no CSV', () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', ' ', 'a', '1', '2026-01-01') }), (text) => {
        const { downtimes, problems } = readHistory(text);
        expect(downtimes.length + problems.length).toBeLessThanOrEqual(text.split('\n').length);
      }),
    ));
});
