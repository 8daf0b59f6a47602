import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { COMMAND_LINE } from '../../helpers/command-line';

const EXAMPLE = path.join(__dirname, '..', '..', '..', 'docs', 'examples', 'outages.csv');

/** Runs the command as a person would, without AWS. */
function backtest(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND_LINE, 'backtest', ...args], {
    input,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, TZ: 'America/New_York' },
  });
  return { status, stdout, stderr };
}

describe('backtest', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'backtest-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string): string => {
    const full = path.join(folder, name);
    writeFileSync(full, content);
    return full;
  };

  test('prints exactly the documented JSON', () => {
    const book = file('book.csv', '2026-03-10T10:00:00,2026-03-10T10:12:00\n2026-03-31T23:59:00,2026-04-01T00:00:00\n');
    const { status, stdout } = backtest([
      '--history',
      book,
      '--objective',
      '99.99',
      '--policy',
      'carry-over',
      '--json',
    ]);

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      days: 21 + 14 / 24,
      daysBlocked: (Date.parse('2026-04-01T00:00:00Z') - Date.parse('2026-03-10T10:04:22.980Z')) / 86_400_000,
      blocks: [
        {
          from: '2026-03-10T10:04:22.980Z',
          to: '2026-07-01T00:00:00.000Z',
          reason: '13.0 min down in 2026-03 > 4.38 min allowed: blocks the rest of it and the next 3 calendar months',
        },
      ],
      budgetMinutesPerMonth: 4.383,
    });
  });

  test('prints an object by policy without --policy', () => {
    const { stdout } = backtest(['--history', EXAMPLE, '--objective', '99.99', '--json']);
    const all = JSON.parse(stdout);

    expect(Object.keys(all)).toEqual(['until-recovered', 'until-recovered-in-month', 'carry-over']);
    for (const each of Object.values(all)) {
      expect(Object.keys(each as object)).toEqual(['days', 'daysBlocked', 'blocks', 'budgetMinutesPerMonth']);
    }
  });

  test('passes its options on to the policies', () => {
    const daysBlocked = (...args: readonly string[]): number =>
      JSON.parse(backtest(['--history', EXAMPLE, '--objective', '99.99', '--json', ...args]).stdout).daysBlocked;

    expect(daysBlocked('--policy', 'carry-over', '--max-block', '30d')).toBeCloseTo(60, 6);
    expect(daysBlocked('--policy', 'carry-over', '--max-block', '36h')).toBeCloseTo(3, 6);
    expect(daysBlocked('--policy', 'until-recovered', '--window', '7d')).toBeLessThan(
      daysBlocked('--policy', 'until-recovered'),
    );
    // 1 April begins earlier there.
    expect(daysBlocked('--policy', 'until-recovered-in-month', '--time-zone', 'Asia/Kolkata')).toBeCloseTo(
      daysBlocked('--policy', 'until-recovered-in-month') - (2 * 5.5) / 24,
      6,
    );
  });

  test('prints all policies with pictures, in 80 columns except for the reasons, without colours', () => {
    const { status, stdout } = backtest(['--history', EXAMPLE, '--objective', '99.99']);

    expect(status).toBe(0);
    expect(stdout.match(/^2026-03 {2}.*$/gm)).toEqual([
      '2026-03  ·········X█████████████X███████',
      '2026-03  ·········X█████████████X███████',
      '2026-03  ·········X█████████████X███████',
    ]);
    const wide = stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('    '));
    expect(wide).toEqual([]);
    expect(stdout).not.toContain('\u001b');
  });

  test('reads standard input, and draws', () => {
    const svg = path.join(folder, 'drawn.svg');
    const { status, stdout } = backtest(
      ['--history', '-', '--objective', '99.9', '--policy', 'until-recovered', '--svg', svg, '--json'],
      readFileSync(EXAMPLE, 'utf8'),
    );

    expect(status).toBe(0);
    expect(JSON.parse(stdout).budgetMinutesPerMonth).toBe(43.83);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" .*<\/svg>\n$/s);
  });

  test('names every bad row, and prints nothing else', () => {
    const bad = file('bad.csv', 'start,end\n2026-03-10,2026-03-09\n\nnever,2026-03-10\n');

    expect(backtest(['--history', bad, '--objective', '99.9', '--json'])).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^bad.csv has 2 bad rows:\n {2}line 2: end is "2026-03-09", but must be after start.*\n {2}line 4: start is "never", but must be .*\n$/,
      ),
    });
  });

  test.each([
    ['an empty history', ['--history', '-', '--objective', '99.9'], 'Standard input has no outage in it'],
    ['no file', ['--history', 'nowhere.csv', '--objective', '99.9'], '--history is nowhere.csv, which cannot be read'],
    ['no history', ['--objective', '99.9'], "required option '--history <file>' not specified"],
    ['no objective', ['--history', EXAMPLE], "required option '--objective <percent>' not specified"],
    [
      'an objective of 100',
      ['--objective', '100'],
      "'--objective <percent>' argument '100' is invalid. It must be a percentage, more than 0 and less than 100",
    ],
    ['an objective of words', ['--objective', 'high'], "argument 'high' is invalid"],
    [
      'another policy',
      ['--policy', 'never'],
      "'never' is invalid. Allowed choices are until-recovered, until-recovered-in-month, carry-over",
    ],
    [
      'a block without a unit',
      ['--max-block', '30'],
      "'--max-block <duration>' argument '30' is invalid. It must be days, hours or minutes, 1m to 3650d",
    ],
    ['a window of nothing', ['--window', '0d'], "'--window <duration>' argument '0d' is invalid"],
    [
      'an unknown zone',
      ['--time-zone', 'Mars'],
      "'--time-zone <name>' argument 'Mars' is invalid. It must be a time zone of the IANA database",
    ],
    [
      'a picture that cannot be written',
      ['--history', EXAMPLE, '--objective', '99.9', '--svg', '/nowhere/at/all.svg'],
      '--svg is /nowhere/at/all.svg, which cannot be written',
    ],
  ])('refuses %s', (_what, args, words) => {
    const { status, stdout, stderr } = backtest(args);

    expect(stderr).toContain(words);
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });

  test('explains in its help how a time without an offset is read', () => {
    expect(backtest(['--help'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('a time without an offset is in UTC'),
    });
  });
});
