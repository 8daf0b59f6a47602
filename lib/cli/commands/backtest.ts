import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readHistory } from '../../budget/backtest/history';
import { POLICY_NAMES, type PolicyName, policyNamed } from '../../budget/backtest/policies';
import { type Replay, replay, replayJson } from '../../budget/backtest/replay';
import { replaySvg } from '../../budget/backtest/svg';
import { replayText } from '../../budget/backtest/text';
import type { Downtime } from '../../budget/downtime';
import { Calendar } from '../../core/calendar';
import { CliError, EXIT } from '../../core/cli-error';
import { errorText } from '../../core/error-text';

interface Options {
  readonly history: string;
  readonly objective: number;
  readonly policy?: PolicyName;
  readonly maxBlock?: number;
  readonly window: number;
  readonly timeZone: string;
  readonly json?: boolean;
  readonly svg?: string;
}

const FORMAT = `
The history has one outage a line, as start,end or start,end,severity, and may begin with a header:

  start,end,severity
  2026-03-10T10:00:00Z,2026-03-10T10:12:00Z
  2026-04-02T08:30:00+02:00,2026-04-02T09:00:00+02:00,0.25

Times are in ISO 8601; a time without an offset is in UTC, whatever --time-zone is. A severity is 0 to 1, by default 1.
Outages that overlap are merged, never added: the largest severity counts.`;

export function backtestCommand(program: Command): void {
  program
    .command('backtest')
    .description(
      'replays a history of outages: when would an error budget have blocked releases? Calls nothing of AWS, and needs no credentials',
    )
    .requiredOption('--history <file>', 'outages as CSV; - reads standard input')
    .requiredOption('--objective <percent>', 'how much of the time the service must be up, such as 99.9', objective)
    .addOption(new Option('--policy <name>', 'policy to replay (default: all of them)').choices(POLICY_NAMES))
    .option('--max-block <duration>', 'for carry-over: maximum block of one month, such as 30d', duration)
    .addOption(
      new Option('--window <duration>', 'for until-recovered: the rolling window, such as 28d, 12h or 90m')
        .argParser(duration)
        .default(28 * 1_440, '28d'),
    )
    .option('--time-zone <name>', 'whose calendar months and days count, such as Europe/Berlin', timeZone, 'UTC')
    .option('--json', 'print JSON; without --policy an object with one replay for each policy')
    .option('--svg <file>', 'also draw the replay')
    .addHelpText('after', FORMAT)
    .action(async (options: Options) => {
      const downtimes = await readDowntimes(options.history);
      const replays = replayed(options, downtimes);
      const calendar = new Calendar(options.timeZone);
      if (options.svg !== undefined) await draw(options.svg, replaySvg(replays, nameOf(options.history), calendar));
      console.log(options.json ? json(options, replays) : replayText(replays, options.timeZone, calendar));
    });
}

function replayed(options: Options, downtimes: readonly Downtime[]): ReadonlyMap<PolicyName, Replay> {
  const { window: windowMinutes, timeZone, maxBlock: maxBlockMinutes } = options;
  const names = options.policy === undefined ? POLICY_NAMES : [options.policy];
  return new Map(
    names.map((name) => {
      const policy = policyNamed(name, { windowMinutes, timeZone, maxBlockMinutes });
      return [name, replay(policy, options.objective, downtimes)];
    }),
  );
}

function json({ policy }: Options, replays: ReadonlyMap<PolicyName, Replay>): string {
  const all = Object.fromEntries(Array.from(replays, ([name, each]) => [name, replayJson(each)]));
  return JSON.stringify(policy === undefined ? all : all[policy], undefined, 2);
}

/** Maximum problems to print: nobody reads more of a file that is no history at all. */
const MAX_PROBLEMS = 200;

async function readDowntimes(file: string): Promise<readonly Downtime[]> {
  const { downtimes, problems } = readHistory(await contents(file));
  if (problems.length > 0) {
    const rows = problems.length === 1 ? 'a bad row' : `${problems.length} bad rows`;
    const more = problems.length > MAX_PROBLEMS ? [`  and ${problems.length - MAX_PROBLEMS} more`] : [];
    const shown = problems.slice(0, MAX_PROBLEMS).map((each) => `  ${each}`);
    throw new CliError([`${nameOf(file)} has ${rows}:`, ...shown, ...more].join('\n'), EXIT.USAGE);
  }
  if (downtimes.length > 0) return downtimes;
  throw new CliError(
    `${nameOf(file)} has no outage in it: write one a line, such as 2026-03-10T10:00:00Z,2026-03-10T10:12:00Z`,
    EXIT.USAGE,
  );
}

async function contents(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(
      `--history is ${file}, which cannot be read: ${errorText(error)}. Give a file, or - for standard input`,
      EXIT.USAGE,
    );
  }
}

async function draw(file: string, svg: string): Promise<void> {
  try {
    await writeFile(file, svg);
  } catch (error) {
    throw new CliError(`--svg is ${file}, which cannot be written: ${errorText(error)}. Give another file`, EXIT.USAGE);
  }
}

const nameOf = (history: string): string => (history === '-' ? 'Standard input' : path.basename(history));

function objective(value: string): number {
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (!(number > 0 && number < 100)) {
    throw new InvalidArgumentError('It must be a percentage, more than 0 and less than 100, such as 99.9');
  }
  return number;
}

const MINUTES_OF: { readonly [unit: string]: number } = { d: 1_440, h: 60, m: 1 };
const MAX_DAYS = 3_650;

/** Reads a duration, in minutes. */
function duration(value: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([dhm])$/.exec(value) ?? [];
  const minutes = Number(count) * MINUTES_OF[unit];
  if (!(minutes >= 1 && minutes <= MAX_DAYS * 1_440)) {
    throw new InvalidArgumentError(`It must be days, hours or minutes, 1m to ${MAX_DAYS}d, such as 30d, 12h or 90m`);
  }
  return minutes;
}

function timeZone(value: string): string {
  try {
    new Calendar(value);
    return value;
  } catch {
    throw new InvalidArgumentError('It must be a time zone of the IANA database, such as UTC or Europe/Berlin');
  }
}
