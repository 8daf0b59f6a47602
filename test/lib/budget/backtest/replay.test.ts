import * as fc from 'fast-check';
import { LEGEND, picture } from '../../../../lib/budget/backtest/picture';
import { POLICY_NAMES, policyNamed } from '../../../../lib/budget/backtest/policies';
import { type Replay, replay, replayJson } from '../../../../lib/budget/backtest/replay';
import { replaySvg } from '../../../../lib/budget/backtest/svg';
import { replayText } from '../../../../lib/budget/backtest/text';
import type { Downtime } from '../../../../lib/budget/downtime';
import { Calendar } from '../../../../lib/core/calendar';
import { DAY, downtimes, MINUTE, objectives, timeZones } from '../arbitraries';

const UTC = new Calendar('UTC');
const OPTIONS = { windowMinutes: 28 * 1_440, timeZone: 'UTC' };
const CARRY_OVER = policyNamed('carry-over', OPTIONS);

const down = (from: string, minutes: number, severity = 1): Downtime => ({
  from: Date.parse(from),
  to: Date.parse(from) + minutes * MINUTE,
  severity,
});

/** The book's example, in a history that goes on until the middle of May. */
const BOOK = [down('2026-03-10T10:00:00Z', 12), down('2026-02-20T00:00:00Z', 1), down('2026-05-14T23:59:00Z', 1)];

describe('the JSON of a replay', () => {
  test('has both day counts within the history, decimal, and blocks that may end after it', () => {
    expect(replayJson(replay(CARRY_OVER, 99.99, BOOK))).toEqual({
      days: 84,
      // From 10 March, 10:04:22.980, to 15 May.
      daysBlocked: (Date.parse('2026-05-15T00:00:00Z') - Date.parse('2026-03-10T10:04:22.980Z')) / DAY,
      blocks: [
        {
          from: '2026-03-10T10:04:22.980Z',
          to: '2026-07-01T00:00:00.000Z',
          reason: '12.0 min down in 2026-03 > 4.38 min allowed: blocks the rest of it and the next 3 calendar months',
        },
      ],
      budgetMinutesPerMonth: 4.383,
    });
  });

  test('joins blocks that overlap, with all their causes', () => {
    const { blocks } = replayJson(replay(CARRY_OVER, 99.99, [...BOOK, down('2026-04-01T00:00:00Z', 5)]));

    expect(blocks).toEqual([
      {
        from: '2026-03-10T10:04:22.980Z',
        to: '2026-07-01T00:00:00.000Z',
        reason:
          '12.0 min down in 2026-03 > 4.38 min allowed: blocks the rest of it and the next 3 calendar months; ' +
          '5.0 min down in 2026-04 > 4.38 min allowed: blocks the rest of it and the next 2 calendar months',
      },
    ]);
  });

  test('spans from the first start to the last end, also of outages without weight or inside of others', () => {
    const odd = [
      down('2026-01-01T00:00:00Z', 14_400),
      down('2026-01-02T00:00:00Z', 60),
      down('2026-01-20T00:00:00Z', 1_440, 0),
    ];

    expect(replay(CARRY_OVER, 99.99, odd).days).toBe(20);
  });

  test('never has more days blocked than days', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...POLICY_NAMES),
        timeZones,
        objectives,
        downtimes().filter(({ length }) => length > 0),
        (name, timeZone, objective, history) => {
          const result = replay(policyNamed(name, { ...OPTIONS, timeZone }), objective, history);
          expect(result.daysBlocked).toBeGreaterThanOrEqual(0);
          expect(result.daysBlocked).toBeLessThanOrEqual(result.days + 1e-9);
        },
      ),
    ));
});

describe('the picture', () => {
  const rows = picture(replay(CARRY_OVER, 99.99, BOOK), UTC);

  test('has a row for each month and a character for each day, and goes on while it blocks', () => {
    expect(rows).toEqual([
      '         1   5    10   15   20   25   30',
      '2026-02                     x········',
      '2026-03  ·········X█████████████████████',
      '2026-04  ██████████████████████████████',
      '2026-05  █████████████X░░░░░░░░░░░░░░░░░',
      '2026-06  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░',
    ]);
  });

  test('fits 80 columns, with its legend', () => {
    expect(Math.max(...[...rows, LEGEND].map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('names the end of a block of more than a year after the history', () => {
    const endless = picture(replay(CARRY_OVER, 99.999, [down('2026-03-10T00:00:00Z', 600)]), UTC);

    expect(endless).toHaveLength(1 + 13 + 1);
    expect(endless.at(-1)).toMatch(/^… +blocked until 2140-/);
  });

  test('has the days of its time zone, of which one may be missing', () => {
    const apia = policyNamed('carry-over', { ...OPTIONS, timeZone: 'Pacific/Apia' });
    const history = [down('2011-12-28T12:00:00Z', 1), down('2012-01-02T12:00:00Z', 1)];

    expect(picture(replay(apia, 99.99, history), new Calendar('Pacific/Apia'))).toEqual([
      '         1   5    10   15   20   25   30',
      '2011-12                             x· ·',
      '2012-01  ··x',
    ]);
  });
});

describe('the text', () => {
  const all = new Map<string, Replay>(
    POLICY_NAMES.map((name) => [name, replay(policyNamed(name, OPTIONS), 99.99, BOOK)]),
  );

  test('puts the policies side by side', () => {
    expect(replayText(all, 'UTC', UTC)).toContain(
      [
        'The history is of 84.0 days, 2026-02-20 00:00 to 2026-05-15 00:00 UTC:',
        '14.0 min down. 99.99 % allow 4.38 min a month.',
        '',
        'POLICY                    BLOCKED                   BLOCKS  LONGEST',
        'until-recovered           28.0 of 84.0 days (33 %)  1       28.0 days',
        'until-recovered-in-month  21.6 of 84.0 days (26 %)  1       21.6 days',
        'carry-over                65.6 of 84.0 days (78 %)  1       112.6 days',
      ].join('\n'),
    );
  });

  test('has a line for a policy that would have blocked nothing', () => {
    const calm = replay(CARRY_OVER, 99, BOOK);

    expect(replayText(new Map([['carry-over', calm]]), 'UTC', UTC)).toContain(
      'carry-over: blocks nothing\n\n         1   5',
    );
  });

  test('counts a history of less than a day in minutes', () => {
    const short = replay(CARRY_OVER, 99.99, [down('2026-03-10T10:00:00Z', 12)]);

    expect(replayText(new Map([['carry-over', short]]), 'UTC', UTC)).toContain(
      'blocks 7.6 of 12.0 min (63 %), in 1 block\n',
    );
  });

  test('shows moments by the clocks of the time zone', () => {
    const inIndia = replay(policyNamed('carry-over', { ...OPTIONS, timeZone: 'Asia/Kolkata' }), 99.99, BOOK);
    const text = replayText(new Map([['carry-over', inIndia]]), 'Asia/Kolkata', new Calendar('Asia/Kolkata'));

    expect(text).toContain('2026-02-20 05:30 to 2026-05-15 05:30 Asia/Kolkata');
    expect(text).toContain('  2026-03-10 15:34 to 2026-07-01 00:00, 112.4 days\n    12.0 min down in 2026-03');
  });
});

describe('the SVG', () => {
  const draw = (replays: ReadonlyMap<string, Replay>, name = 'outages.csv') => replaySvg(replays, name, UTC);
  const one = new Map([['carry-over', replay(CARRY_OVER, 99.99, BOOK)]]);

  test('has a bar for a block within the history and a pale one for a block after it', () => {
    const bars = [...draw(one).matchAll(/<rect [^>]*fill="#d64550" fill-opacity="([\d.]+)"><title>([^<]*)/g)];

    expect(bars.map(([, opacity]) => opacity)).toEqual(['0.9', '0.35']);
    expect(bars[0][2]).toBe(
      '2026-03-10T10:04:22.980Z to 2026-07-01T00:00:00.000Z\n12.0 min down in 2026-03 &gt; 4.38 min allowed: blocks the rest of it and the next 3 calendar months',
    );
  });

  test('is well-formed, whatever the name of the file', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const svg = draw(one, `<&"'>\u0000${name}]]>`);
        // Without its elements only text is left, all of it in characters of XML.
        const texts = svg.replace(/<\/?[a-z]+(?: [a-zA-Z0-9-]+="[^"<>&]*")*\/?>/g, '');
        expect(texts).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)|[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/u);
        const open = [...svg.matchAll(/<([a-z]+)[^>]*[^/]>|<([a-z]+)>/g)].length;
        expect([...svg.matchAll(/<\/[a-z]+>/g)]).toHaveLength(open);
      }),
    ));

  test('keeps within its width, whatever the history', () =>
    fc.assert(
      fc.property(
        objectives,
        downtimes().filter(({ length }) => length > 0),
        (objective, history) => {
          const svg = draw(new Map([['carry-over', replay(CARRY_OVER, objective, history)]]));
          expect(svg).not.toMatch(/NaN|Infinity|undefined/);
          for (const [, x, width] of svg.matchAll(/<rect x="([\d.-]+)" y="\d+" width="([\d.-]+)"/g)) {
            expect(Number(x)).toBeGreaterThanOrEqual(190);
            expect(Number(width)).toBeGreaterThan(0);
            expect(Number(x) + Number(width)).toBeLessThanOrEqual(922);
          }
        },
      ),
    ));
});

test('ten thousand outages of ten years are replayed', () => {
  const history = Array.from({ length: 10_000 }, (_each, i) => ({
    from: Date.parse('2016-01-01T00:00:00Z') + i * 525 * MINUTE,
    to: Date.parse('2016-01-01T00:00:00Z') + (i * 525 + 1 + ((i * 7) % 31)) * MINUTE,
    severity: ((i * 13) % 11) / 10,
  }));
  const all = new Map<string, Replay>(
    POLICY_NAMES.map((name) => [
      name,
      replay(policyNamed(name, { ...OPTIONS, windowMinutes: 1_440, timeZone: 'America/New_York' }), 99.5, history),
    ]),
  );
  const newYork = new Calendar('America/New_York');
  expect(replayText(all, 'America/New_York', newYork)).toContain('2025-12');
  expect(replaySvg(all, 'outages.csv', newYork).length).toBeLessThan(2_000_000);
});
