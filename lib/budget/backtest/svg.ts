import { type Calendar, monthName } from '../../core/calendar';
import { isoTime } from '../../core/time';
import { showAllowed } from '../show';
import type { Replay } from './replay';
import { shownMonths } from './shown-months';
import { share } from './text';

const WIDTH = 960;
const PLOT = { left: 190, right: 920, top: 70 };
const LANE = { height: 26, distance: 44 };
/** Minimum distance of two labels of the axis, in pixels. */
const LABEL_WIDTH = 62;

/** Readable on white and on black. */
const COLOURS = { text: '#7a7a7a', line: '#9a9a9a', down: '#d9822b', blocked: '#d64550' };

/** Draws an SVG without a background: a lane for the downtime, and one for the blocks of each policy. */
export function replaySvg(replays: ReadonlyMap<string, Replay>, history: string, calendar: Calendar): string {
  const all = [...replays.values()];
  const { first, last } = shownMonths(all, calendar);
  const scale = scaleOf(calendar.startOf(first), calendar.startOf(last + 1));
  const bottom = PLOT.top + LANE.distance * (replays.size + 1);
  const [{ objective, budgetMinutesPerMonth, end }] = all;
  const title = `${history}: ${objective} %, ${showAllowed(budgetMinutesPerMonth)} min of downtime allowed a month`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 30}" width="${WIDTH}" height="${bottom + 30}" font-family="system-ui, sans-serif" font-size="12" fill="${COLOURS.text}" role="img">`,
    `<title>${escaped(title)}</title>`,
    text(20, 26, title, 'font-size="15"'),
    text(20, 46, 'Bars are the times in which a release would have been blocked; pale: after the end of the history.'),
    ...axis(first, last, calendar, scale, bottom),
    ...downtimeLane(all[0], scale),
    ...Array.from(replays).flatMap(([name, replay], index) =>
      blocksLane(name, replay, scale, PLOT.top + LANE.distance * (index + 1)),
    ),
    `<line x1="${at(scale(end))}" x2="${at(scale(end))}" y1="${PLOT.top}" y2="${bottom - 8}" stroke="${COLOURS.text}"/>`,
    '</svg>',
  ].join('\n')}\n`;
}

type Scale = (moment: number) => number;

const scaleOf =
  (begin: number, end: number): Scale =>
  (moment) =>
    PLOT.left + ((PLOT.right - PLOT.left) * (Math.min(moment, end) - begin)) / (end - begin);

function axis(first: number, last: number, calendar: Calendar, scale: Scale, bottom: number): readonly string[] {
  const room = (PLOT.right - PLOT.left) / LABEL_WIDTH;
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((each) => (last + 1 - first) / each <= room) ?? 600;
  const lines: string[] = [];
  for (let month = Math.ceil(first / step) * step; month <= last; month += step) {
    const x = at(scale(calendar.startOf(month)));
    lines.push(
      `<line x1="${x}" x2="${x}" y1="${PLOT.top}" y2="${bottom}" stroke="${COLOURS.line}" stroke-opacity="0.35"/>`,
      text(x, bottom + 14, monthName(month)),
    );
  }
  return lines;
}

/** Draws one bar for each half of a pixel at most: nobody could see ten thousand outages. */
function downtimeLane({ downtimes }: Replay, scale: Scale): readonly string[] {
  const bars = new Map<string, { width: number; severity: number }>();
  for (const { from, to, severity } of downtimes) {
    const x = at(Math.round(scale(from) * 2) / 2);
    const bar = bars.get(x) ?? { width: 0, severity: 0 };
    const width = Math.max(1, scale(to) - scale(from));
    bars.set(x, { width: Math.max(bar.width, width), severity: Math.max(bar.severity, severity) });
  }
  return [
    text(20, PLOT.top + 17, 'downtime'),
    ...Array.from(bars, ([x, { width, severity }]) =>
      rect(x, PLOT.top, width, COLOURS.down, Number((0.4 + 0.6 * severity).toFixed(2))),
    ),
  ];
}

function blocksLane(name: string, replay: Replay, scale: Scale, top: number): readonly string[] {
  const bars = replay.blocks.flatMap(({ from, to, causes }) => {
    const dates = `${isoTime(from)} to ${isoTime(to)}`;
    const title = [dates, ...causes.map(({ reason }) => reason)].join('\n');
    const within = Math.min(to, replay.end);
    const parts = [
      ...(from < replay.end ? [{ from, to: within, opacity: 0.9 }] : []),
      ...(to > within ? [{ from: Math.max(from, replay.end), to, opacity: 0.35 }] : []),
    ];
    return parts.map((part) => {
      const width = Math.max(1, scale(part.to) - scale(part.from));
      return rect(at(scale(part.from)), top, width, COLOURS.blocked, part.opacity, title);
    });
  });
  return [text(20, top + 11, name), text(20, top + 26, share(replay), 'font-size="11"'), ...bars];
}

function rect(x: string, y: number, width: number, fill: string, opacity: number, title?: string): string {
  const attributes = `x="${x}" y="${y}" width="${at(width)}" height="${LANE.height}" fill="${fill}" fill-opacity="${opacity}"`;
  return title === undefined ? `<rect ${attributes}/>` : `<rect ${attributes}><title>${escaped(title)}</title></rect>`;
}

const text = (x: number | string, y: number, words: string, more = ''): string =>
  `<text x="${x}" y="${y}"${more && ` ${more}`}>${escaped(words)}</text>`;

/** Rounds to a tenth of a pixel. */
const at = (position: number): string => String(Number(position.toFixed(1)));

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes a text for XML, which has no control characters, not even escaped. */
const escaped = (words: string): string =>
  words
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"]/g, (character) => ENTITIES[character]);
