import * as ts from 'typescript';

/** A sentence that a person reads: of a comment, a message, or the name of a test. */
export interface Sentence {
  readonly line: number;
  readonly text: string;
}

/** Strings of fewer words are data: names, units, fragments. */
const WORDS_OF_A_MESSAGE = 4;
const TESTS = /^(test|describe|slow)\b/;
/** Code and quotes count as one word, whatever they say. */
const QUOTED = /`[^`]*`|"[^"]*"|“[^”]*”/g;
const MAX_WORDS = 30;

const RULES: readonly { readonly name: string; breaks(sentence: string): boolean }[] = [
  {
    name: 'begins with a word that hides the subject',
    breaks: (sentence) => /^(What|Whatever|That|Who|Whoever|Whose|Of|By|In front|Since)\b/.test(sentence),
  },
  {
    name: 'has a verb that only people can do',
    breaks: (sentence) =>
      /\b(asks?|asked|asking|tells?|told|telling|strikes?|struck|remembers?|remembered|looks? after|looked after|lets? go|letting go)\b/i.test(
        sentence,
      ),
  },
  { name: `is longer than ${MAX_WORDS} words`, breaks: (sentence) => sentence.split(/\s+/).length > MAX_WORDS },
];

/** Names of the rules that a sentence breaks. */
export const broken = ({ text }: Sentence): readonly string[] => {
  const plain = text.replace(QUOTED, 'x');
  return RULES.filter(({ breaks }) => breaks(plain)).map(({ name }) => name);
};

/** Lists the sentences of a TypeScript source. */
export function sentencesOf(source: string): readonly Sentence[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found: Sentence[] = [];
  const add = (position: number, text: string) => {
    const line = file.getLineAndCharacterOfPosition(position).line + 1;
    found.push(...split(text).map((each) => ({ line, text: each })));
  };
  const comments = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.getEnd()) ?? []),
    ];
    for (const range of ranges) comments.set(range.pos, range);
    if (ts.isImportDeclaration(node)) return;
    const text = textOf(node);
    if (text !== undefined && (isTestName(node) || text.split(' ').length >= WORDS_OF_A_MESSAGE)) {
      for (const line of text.split('\n')) add(node.getStart(), line);
    }
    // Tokens too: a comment may be the only content of a block.
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  for (const { pos, end } of comments.values()) for (const part of parts(source.slice(pos, end))) add(pos, part);
  return found;
}

/** The text of a string or a template, whose values count as one word. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `x${literal.text}`).join('');
}

const isTestName = ({ parent }: ts.Node): boolean =>
  ts.isCallExpression(parent) && TESTS.test(parent.expression.getText());

/** The paragraphs, tags and list items of a comment, without its marks. */
function parts(comment: string): readonly string[] {
  const lines = comment
    .replace(/^\/\*\*?|\*\/$|^\/\/ ?/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''));
  return lines.join('\n').split(/\n(?=\s*(?:@|-|\n))|@(?:param \S+|returns|default|throws)(?=\s)/);
}

/** Splits a text into its sentences. */
export const split = (text: string): readonly string[] =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=[.!?:;])\s+(?=[A-Z`'"])/);
