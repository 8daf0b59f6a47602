import type { Case, CaseResult } from './case';
import { COLUMNS } from './cases';

/** Table of kinds of trouble by part of the release, each with its numbers of passed and of all cases. */
export function summary(cases: readonly Case[], results: readonly CaseResult[]): string {
  const passed = new Set(results.filter(({ problems }) => problems.length === 0).map(({ name }) => name));
  const rows = [...new Set(cases.map(({ row }) => row))];
  const cell = (of: readonly Case[]): string =>
    of.length === 0 ? '–' : `${of.filter(({ name }) => passed.has(name)).length}/${of.length}`;
  const lines = [
    ['', ...COLUMNS, 'all'],
    ...rows.map((row) => {
      const inRow = cases.filter((each) => each.row === row);
      return [row, ...COLUMNS.map((column) => cell(inRow.filter((each) => each.column === column))), cell(inRow)];
    }),
    ['all', ...COLUMNS.map((column) => cell(cases.filter((each) => each.column === column))), cell(cases)],
  ];
  return aligned(lines);
}

/** Numbers of cases by outcome. */
export function outcomes(results: readonly CaseResult[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return aligned(
    [...counts].toSorted(([, a], [, b]) => b - a).map(([outcome, count]) => [`  ${outcome}`, String(count)]),
  );
}

function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at].length))) ?? [];
  return lines
    .map((line) => line.map((text, at) => (at === 0 ? text.padEnd(widths[at]) : text.padStart(widths[at]))).join('  '))
    .join('\n');
}
