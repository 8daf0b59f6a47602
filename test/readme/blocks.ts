/** A code block of a Markdown document that says what it is for. */
export interface Block {
  /** Name of the file that the block is for. */
  readonly file: string;
  readonly text: string;
  /** Output that the document shows for it. */
  readonly prints?: string;
  /** Line of the opening fence. */
  readonly line: number;
}

const FENCE = /^```(\w*)\s*$/;
const RUNS = /^<!-- runs: (\S+) -->$/;
const PRINTS = /^<!-- prints -->$/;
const CODE = new Set(['ts', 'js', 'mjs', 'typescript', 'javascript']);

/**
 * Returns the blocks of a document that are preceded by `<!-- runs: file -->`, each with the block that follows it
 * after `<!-- prints -->`. Code that is not marked is an error: a test runs all code that readers see.
 */
export function markedBlocks(markdown: string): Block[] {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const language = FENCE.exec(lines[at])?.[1];
    if (language === undefined) {
      continue;
    }
    const end = lines.indexOf('```', at + 1);
    if (end < 0) {
      throw new Error(`The code block of line ${at + 1} is not closed`);
    }
    const text = `${lines.slice(at + 1, end).join('\n')}\n`;
    const marker = lines[at - 1] ?? '';
    const file = RUNS.exec(marker)?.[1];
    if (file) {
      blocks.push({ file, text, line: at + 1 });
    } else if (PRINTS.test(marker)) {
      const previous = blocks.pop();
      if (!previous) {
        throw new Error(`Line ${at}: there is no block before it that could print this`);
      }
      blocks.push({ ...previous, prints: text });
    } else if (CODE.has(language)) {
      throw new Error(
        `The code block of line ${at + 1} is not marked: put <!-- runs: <file> --> on the line before it`,
      );
    }
    at = end;
  }
  return blocks;
}
