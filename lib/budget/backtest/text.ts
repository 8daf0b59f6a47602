import type { Calendar } from '../../core/calendar';
import { showMinute } from '../../core/time';
import type { JoinedBlock } from '../block';
import { total } from '../downtime';
import { MINUTE } from '../objective';
import { showAllowed } from '../show';
import { LEGEND, picture } from './picture';
import type { Replay } from './replay';

/** Formats replays for people: one policy, or several side by side and then each. */
export function replayText(replays: ReadonlyMap<string, Replay>, timeZone: string, calendar: Calendar): string {
  const [[, first]] = replays;
  const { begin, end, objective, budgetMinutesPerMonth } = first;
  return [
    `The history is of ${days(first.days)}, ${showMinute(begin, timeZone)} to ${showMinute(end, timeZone)} ${timeZone}:`,
    `${(total(first.downtimes) / MINUTE).toFixed(1)} min down. ${objective} % allow ${showAllowed(budgetMinutesPerMonth)} min a month.`,
    ...(replays.size > 1 ? ['', ...table(replays)] : []),
    ...Array.from(replays).flatMap(([name, replay]) => ['', ...section(name, replay, timeZone, calendar)]),
    '',
    LEGEND,
  ].join('\n');
}

function section(name: string, replay: Replay, timeZone: string, calendar: Calendar): readonly string[] {
  const { blocks } = replay;
  const count = blocks.length === 1 ? '1 block' : `${blocks.length} blocks`;
  return [
    `${name}: ${blocks.length === 0 ? 'blocks nothing' : `blocks ${share(replay)}, in ${count}`}`,
    '',
    ...blocks.flatMap((block) => [
      `  ${showMinute(block.from, timeZone)} to ${showMinute(block.to, timeZone)}, ${days(length(block))}`,
      ...block.causes.map(({ reason }) => `    ${reason}`),
    ]),
    ...(blocks.length === 0 ? [] : ['']),
    ...picture(replay, calendar),
  ];
}

function table(replays: ReadonlyMap<string, Replay>): readonly string[] {
  const rows = [
    ['POLICY', 'BLOCKED', 'BLOCKS', 'LONGEST'],
    ...Array.from(replays, ([name, replay]) => [
      name,
      share(replay),
      String(replay.blocks.length),
      replay.blocks.length === 0 ? '-' : days(Math.max(...replay.blocks.map(length))),
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const length = ({ from, to }: JoinedBlock): number => (to - from) / (24 * 60 * MINUTE);

/** Formats a number of days; less than a hundredth of a day in minutes. */
const days = (count: number): string =>
  count < 0.01 ? `${(count * 1_440).toFixed(1)} min` : `${count.toFixed(count < 1 ? 2 : 1)} days`;

/** Formats the blocked share of a history, in days; of a history shorter than a day, in minutes. */
export function share({ days: all, daysBlocked }: Replay): string {
  const [unit, size] = all < 1 ? ['min', 1_440] : ['days', 1];
  return `${(daysBlocked * size).toFixed(1)} of ${(all * size).toFixed(1)} ${unit} (${((100 * daysBlocked) / all).toFixed(0)} %)`;
}
