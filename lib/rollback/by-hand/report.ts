import type { Held } from '../hold-pipeline';
import type { Resumed } from './resume-pipeline';
import type { Row } from './rows';

/** Result of the command, as it is printed. */
export interface RollbackReport {
  readonly service: string;
  readonly executionId: string;
  readonly commit?: string;
  readonly because: string;
  readonly rows: readonly Row[];
  readonly held: Held;
  readonly notes: readonly string[];
  readonly exitCode: number;
}

/** Formats the report for a person at the end of a rollback. */
export function rollbackText(report: RollbackReport): string {
  const { service, executionId, commit, because, rows, held, notes } = report;
  const isDone = rows.every(({ ok }) => ok);
  const release = `release ${executionId}${commit ? ` (commit ${commit})` : ''}`;
  return [
    `${service}: ${release} is ${isDone ? '' : 'NOT wholly '}rolled back, because: ${because}`,
    '',
    ...table(rows),
    '',
    ...notes,
    isDone
      ? 'Every production target is on its stable revision.'
      : 'Targets marked NOT DONE are not on their stable revisions, or could not be read. Run the same command again.',
    heldText(held, service),
  ].join('\n');
}

export function heldText(held: Held, service: string): string {
  if ('error' in held) {
    return `The pipeline is NOT held: ${held.error}\nThe next commit may bring the release back. As soon as the pipeline answers, run the same command again.`;
  }
  const { by, at, reason } = held.hold;
  const warning = held.warning ? `\n${held.warning}` : '';
  return `The pipeline is held by ${by} since ${at}: ${reason}.${warning}\nNo release acquires production until: npx microservice-deployment-pipeline resume --service ${service}`;
}

export function resumedText(service: string, { hold, enabled, disabled }: Resumed): string {
  return [
    hold
      ? `${service}: the hold of ${hold.by} since ${hold.at} (${hold.reason}) is ended.`
      : `${service}: nobody held the pipeline.`,
    enabled.length > 0 ? `Enabled the transitions into ${enabled.join(', ')}.` : 'No transition was to be enabled.',
    ...disabled.map(({ stage, why }) => `The transition into ${stage} stays disabled: ${why}`),
  ].join('\n');
}

function table(rows: readonly Row[]): readonly string[] {
  const cells = [
    ['REGION', 'TARGET', 'FOUND', 'NOW'],
    ...rows.map(({ region, key, found, now }) => [region, key, found, now]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
