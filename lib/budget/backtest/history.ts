import { fitText } from '../../core/fit';
import { parseMoment } from '../../core/time';
import type { Downtime } from '../downtime';

/** Content of a file of outages, and its mistakes: one sentence for each bad line. */
export interface History {
  readonly downtimes: readonly Downtime[];
  readonly problems: readonly string[];
}

/** First and last year of a history: another year is a slip. */
const YEARS = { first: 1_970, last: 2_099 };

const MOMENT_FORMAT = `a time in ISO 8601 of the years ${YEARS.first} to ${YEARS.last}, such as 2026-03-10T10:00:00Z or 2026-03-10T12:00+02:00`;

/** Reads a moment of a history, in milliseconds since 1970. Undefined for a text that is none, or a year out of range. */
export function readMoment(text: string): number | undefined {
  const year = Number(text.slice(0, 'YYYY'.length));
  return year >= YEARS.first && year <= YEARS.last ? parseMoment(text, true) : undefined;
}

const COLUMNS = ['start', 'end', 'severity'];

/** Reads `start,end[,severity]`, with or without a header. Blank lines count for nothing but the line numbers. */
export function readHistory(csv: string): History {
  const downtimes: Downtime[] = [];
  const problems: string[] = [];
  let isFirst = true;
  for (const [index, line] of csv
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (line.trim() === '') continue;
    const row = readRow(line, isFirst);
    isFirst = false;
    if (row === 'HEADER') continue;
    if ('problem' in row) problems.push(`line ${index + 1}: ${row.problem}`);
    else downtimes.push(row);
  }
  return { downtimes, problems };
}

type Row = Downtime | { readonly problem: string } | 'HEADER';

function readRow(line: string, mayBeHeader: boolean): Row {
  const fields = readFields(line);
  if (!fields) return { problem: `a quote is not closed, or not around a whole field: ${shown(line)}` };
  if (mayBeHeader && isHeader(fields)) return 'HEADER';
  if (fields.length < 2 || fields.length > 3) {
    const columns = fields.length === 1 ? '1 column' : `${fields.length} columns`;
    return { problem: `${columns}, but there must be 2 or 3: ${COLUMNS.join(',')}; it is ${shown(line)}` };
  }
  const [start, end, severityText = ''] = fields;
  const from = readMoment(start);
  const to = readMoment(end);
  const severity = severityText === '' ? 1 : readSeverity(severityText);
  const wrong = [
    ...(from === undefined ? [`start is ${shown(start)}, but must be ${MOMENT_FORMAT}`] : []),
    ...(to === undefined ? [`end is ${shown(end)}, but must be ${MOMENT_FORMAT}`] : []),
    ...(severity === undefined ? [`severity is ${shown(severityText)}, but must be a number from 0 to 1`] : []),
  ];
  if (from === undefined || to === undefined || severity === undefined) return { problem: wrong.join('; ') };
  if (to <= from) return { problem: `end is ${shown(end)}, but must be after start, which is ${shown(start)}` };
  return { from, to, severity };
}

const isHeader = (fields: readonly string[]): boolean =>
  fields.length >= 2 && fields.every((field, index) => field.toLowerCase() === COLUMNS[index]);

function readSeverity(text: string): number | undefined {
  const severity = /^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return severity >= 0 && severity <= 1 ? severity : undefined;
}

/**
 * Reads the fields of one line, without the spaces around them. A field may be in quotes; a doubled quote stands for
 * one.
 */
function readFields(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  const field = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;
  for (;;) {
    const found = field.exec(line);
    if (!found) return undefined;
    fields.push((found[1]?.replaceAll('""', '"') ?? found[2]).trim());
    if (found[3] === '') return fields;
  }
}

/** Characters of a wrong field that an error shows. */
const MAX_SHOWN = 60;

const shown = (text: string): string => JSON.stringify(fitText(text, MAX_SHOWN));
