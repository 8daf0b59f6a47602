import type { Finding } from '../core/finding';
import { fitText } from '../core/fit';
import { isoTime, showIso } from '../core/time';

/** A finding, and whether a release must wait because of it. */
export interface Judged {
  readonly finding: Finding;
  readonly blocks: boolean;
}

/** Maximum characters that CodePipeline shows of an action; `reportFailure` and `reportSuccess` cut there. */
export const REPORT_LENGTH = 2_000;

/** A finding in parts: what must stay, what may be cut, and what comes after it. */
interface Line {
  readonly head: string;
  readonly reason: string;
  readonly tail: string;
}

/** Minimum characters of a cut reason: a shorter one says nothing. */
const MIN_REASON = 16;

/** Maximum characters of the first line, which leaves space for the checks that block. */
const TITLE_LENGTH = 600;

/**
 * Composes the answer of a gate: first the checks that block, then the others. Each reason is cut on its own, so that
 * every check that blocks is named.
 *
 * @param title its first line
 */
export function composeReport(title: string, judged: readonly Judged[], length = REPORT_LENGTH): string {
  const blocking = judged.filter((each) => each.blocks).map(({ finding }) => line(finding));
  const rest = judged.filter((each) => !each.blocks).map(({ finding }) => line(finding));
  const first = fitText(title, Math.min(length, TITLE_LENGTH));
  const body = within(blocking, length - first.length);
  return first + body + within(rest, length - first.length - body.length);
}

/** Latest known end of the findings that block. Undefined when one of them has no end. */
export function gateUntil(blocking: readonly Finding[]): string | undefined {
  const ends = blocking.flatMap(({ until }) => (until === undefined ? [] : [Date.parse(until)]));
  return ends.length === 0 || ends.length < blocking.length ? undefined : isoTime(Math.max(...ends));
}

function line({ check, verdict, reason, since, until, unblockedBy, warning }: Finding): Line {
  const ending =
    until !== undefined ? `until ${showIso(until)}` : unblockedBy !== undefined ? `unblocked when ${unblockedBy}` : '';
  const times = verdict === 'PASS' ? [] : [since === undefined ? '' : `since ${showIso(since)}`, ending];
  const tail = times.filter((each) => each !== '').join(', ');
  return {
    head: `${verdict} ${check}`,
    // A person should read the warning of a check that passes, so it comes first.
    reason: warning === undefined ? reason : `WARNING: ${warning}; ${reason}`,
    tail: tail && ` [${tail}]`,
  };
}

/** Fits lines into a space: with reasons cut to one length, else without reasons, else as names alone. */
function within(lines: readonly Line[], space: number): string {
  if (lines.length === 0) return '';
  const render = (reasonLength: number, tailLength: number) =>
    lines
      .map(({ head, reason, tail }) => `\n${head}${partOf(reason, reasonLength)}${fitText(tail, tailLength)}`)
      .join('');
  const fits = (reasonLength: number, tailLength: number) => render(reasonLength, tailLength).length <= space;
  const whole = Number.MAX_SAFE_INTEGER;
  for (const tailLength of [whole, 60]) {
    if (fits(whole, tailLength)) return render(whole, tailLength);
    const longest = Math.max(...lines.map(({ reason }) => reason.length));
    const most = largest(MIN_REASON, longest, (length) => fits(length, tailLength));
    if (most !== undefined) return render(most, tailLength);
  }
  if (fits(0, 0)) return render(0, 0);
  return names(lines, space);
}

const partOf = (reason: string, length: number): string => (length === 0 ? '' : `: ${fitText(reason, length)}`);

/** Lists as many names as fit, and the number of the others. */
function names(lines: readonly Line[], space: number): string {
  for (let shown = lines.length; shown > 0; shown -= 1) {
    const more = lines.length - shown;
    const text = `\n${lines
      .slice(0, shown)
      .map(({ head }) => head)
      .join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
    if (text.length <= space) return text;
  }
  const none = `\nand ${lines.length} more`;
  return none.length <= space ? none : '';
}

/** Finds the largest whole number of a range that fits, if any. `holds` must be true for all numbers below one that fits. */
function largest(from: number, to: number, holds: (value: number) => boolean): number | undefined {
  if (to < from || !holds(from)) return undefined;
  let low = from;
  let high = to;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
