import type { Sentence } from './sentences';
import { split } from './sentences';

/** Lines that are not prose: headings, tables, comments, quotes of messages. */
const NOT_PROSE = /^\s*(?:#|\||<|>|$)/;
const FENCE = /^\s*```/;
const ITEM = /^\s*(?:[-*]|\d+\.)\s+/;

/** Lists the sentences of a Markdown text: of its paragraphs and list items, without code and quotes. */
export function sentencesOfProse(markdown: string): readonly Sentence[] {
  const paragraphs: { readonly line: number; text: string }[] = [];
  let isCode = false;
  let isOpen = false;
  for (const [index, line] of markdown.split('\n').entries()) {
    const isFence = FENCE.test(line);
    if (isFence) isCode = !isCode;
    if (isCode || isFence || NOT_PROSE.test(line)) {
      isOpen = false;
      continue;
    }
    const last = paragraphs.at(-1);
    if (isOpen && last && !ITEM.test(line)) last.text += ` ${line.trim()}`;
    else paragraphs.push({ line: index + 1, text: line.replace(ITEM, '').trim() });
    isOpen = true;
  }
  return paragraphs.flatMap(({ line, text }) => split(plain(text)).map((each) => ({ line, text: each })));
}

/** Removes emphasis and the targets of links. Spans of code become one word. */
const plain = (text: string): string =>
  text
    .replace(/`[^`]*`/g, '`code`')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/\*\*|[[\]]|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)/g, '');
