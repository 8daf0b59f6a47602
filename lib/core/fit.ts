import { createHash } from 'node:crypto';

/** Parts that stay whole around a text, and the mark of a cut. */
export interface FitOptions {
  /** Stands before the text. Default: nothing. */
  readonly head?: string;
  /** Stands after the text. Default: nothing. */
  readonly tail?: string;
  /** Stands where the text was cut. Default: `…`. Give another one where AWS does not accept this character. */
  readonly mark?: string;
}

/**
 * Fits a text between its head and its tail into a limit. A text that is too long is cut at its end, before blanks and
 * never inside a character.
 *
 * @param limit of all together, in UTF-16 code units; a text never has more characters than those
 * @throws RangeError if head and tail alone are longer
 */
export function fitText(text: string, limit: number, { head = '', tail = '', mark = '…' }: FitOptions = {}): string {
  const kept = head.length + tail.length;
  if (kept > limit) {
    throw new RangeError(`limit is ${limit}, but head and tail have ${kept} characters: shorten them`);
  }
  return head + cut(text, limit - kept, mark) + tail;
}

function cut(text: string, room: number, mark: string): string {
  if (text.length <= room) return text;
  const shown = mark.length <= room ? mark : '';
  const end = room - shown.length;
  const pair = isHighSurrogate(text, end - 1) && isLowSurrogate(text, end);
  return text.slice(0, pair ? end - 1 : end).trimEnd() + shown;
}

const isHighSurrogate = (text: string, at: number): boolean => isWithin(text.charCodeAt(at), 0xd800, 0xdbff);
const isLowSurrogate = (text: string, at: number): boolean => isWithin(text.charCodeAt(at), 0xdc00, 0xdfff);
const isWithin = (code: number, from: number, to: number): boolean => code >= from && code <= to;

/**
 * Fits a name of a resource into a limit. Replaces a name that is too long, or has other characters, by its digest: two
 * names that differ stay different.
 *
 * @param limit at most 64; a digest of fewer than 32 characters may not be unique
 * @param allowed matches a whole name
 */
export const fitName = (name: string, limit: number, allowed: RegExp): string =>
  name.length <= limit && allowed.test(name) ? name : createHash('sha256').update(name).digest('hex').slice(0, limit);

/** Characters of a commit that suffice to find it. */
const COMMIT_LENGTH = 12;

/** Beginning of a commit, as messages show it. */
export const shortCommit = (commit: string): string => fitText(commit, COMMIT_LENGTH, { mark: '' });
