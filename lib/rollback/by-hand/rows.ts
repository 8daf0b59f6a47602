import type { ReturnedTarget } from '../return-all';
import type { Finding } from './production';

/** One target, or all of a region, when the command ends. */
export interface Row {
  readonly region: string;
  readonly key: string;
  /** Revisions that it served when the command began. */
  readonly found: string;
  readonly ok: boolean;
  readonly now: string;
}

export interface TargetResult extends ReturnedTarget {
  /** Revisions that it served when it was first read. */
  readonly found?: string;
}

/** Lists regions and their targets, in the order of their names. */
export function rowsOf(
  targets: readonly TargetResult[],
  failed: readonly Finding[],
  untouched: readonly Finding[],
): readonly Row[] {
  const rows = [
    ...targets.map(targetRow),
    ...untouched.map((finding) => findingRow(finding, true)),
    ...failed.map((finding) => findingRow(finding, false)),
  ];
  return rows.toSorted((a, b) => `${a.region} ${a.key}`.localeCompare(`${b.region} ${b.key}`));
}

function targetRow({ environment: region, key, state, found = '-', stable, reason }: TargetResult): Row {
  if (state === 'DONE') return { region, key, found, ok: true, now: `on ${stable}` };
  const ok = state === 'LEFT';
  return { region, key, found, ok, now: text(reason, ok) };
}

const findingRow = ({ region, key = '(all)', reason }: Finding, ok: boolean): Row => ({
  region,
  key,
  found: '-',
  ok,
  now: text(reason, ok),
});

const text = (reason: string, ok: boolean): string => `${ok ? 'left' : 'NOT DONE'}: ${reason}`;
