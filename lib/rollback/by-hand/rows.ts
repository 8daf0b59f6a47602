import type { ReturnedFunction } from '../return-all';
import type { Finding } from './production';

/** One function, or all of a region, when the command ends. */
export interface Row {
  readonly region: string;
  readonly key: string;
  /** Versions that it served when the command began. */
  readonly found: string;
  readonly ok: boolean;
  readonly now: string;
}

export interface FunctionResult extends ReturnedFunction {
  /** Versions that it served when it was first read. */
  readonly found?: string;
}

/** Regions, and their functions, in the order of their names. */
export function rowsOf(
  functions: readonly FunctionResult[],
  failed: readonly Finding[],
  untouched: readonly Finding[],
): readonly Row[] {
  const rows = [
    ...functions.map(functionRow),
    ...untouched.map((finding) => findingRow(finding, true)),
    ...failed.map((finding) => findingRow(finding, false)),
  ];
  return rows.toSorted((a, b) => `${a.region} ${a.key}`.localeCompare(`${b.region} ${b.key}`));
}

function functionRow({ environment: region, key, state, found = '-', stable, reason }: FunctionResult): Row {
  if (state === 'DONE') return { region, key, found, ok: true, now: `on version ${stable}` };
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
