import type { Downtime } from '../../../lib/budget/downtime';
import { BEGIN, MINUTE } from './arbitraries';

/**
 * The policies, by counting minutes, in UTC. Takes downtimes of whole minutes, and returns for every minute since BEGIN
 * whether its first moment is blocked. `undefined` where the downtime is exactly the allowance: a block may begin or
 * end with it.
 */
export function countMinutes(downtimes: readonly Downtime[], minutes: number): readonly number[] {
  const severities = new Array<number>(minutes).fill(0);
  for (const { from, to, severity } of downtimes) {
    for (let minute = (from - BEGIN) / MINUTE; minute < Math.min(minutes, (to - BEGIN) / MINUTE); minute++) {
      severities[minute] = Math.max(severities[minute], severity);
    }
  }
  return severities;
}

export function rollingOracle(
  severities: readonly number[],
  windowMinutes: number,
  allowed: number,
): readonly (boolean | undefined)[] {
  let down = 0;
  return severities.map((_severity, minute) => {
    down += (severities[minute - 1] ?? 0) - (severities[minute - 1 - windowMinutes] ?? 0);
    return Math.abs(down - allowed) < 1e-6 ? undefined : down > allowed;
  });
}

/** Names of months are slow to make: once for all minutes. */
const names: string[] = [];
const monthOf = (minute: number): string => {
  names[minute] ??= new Date(BEGIN + minute * MINUTE).toISOString().slice(0, 7);
  return names[minute];
};

/** @param carry months that a downtime blocks besides its own; none when it is within the allowance */
export function monthOracle(
  severities: readonly number[],
  allowed: number,
  carry: (down: number) => number,
): readonly (boolean | undefined)[] {
  const months = new Map<string, { index: number; down: number }>();
  for (const [minute, severity] of severities.entries()) {
    const month = months.get(monthOf(minute)) ?? { index: months.size, down: 0 };
    month.down += severity;
    months.set(monthOf(minute), month);
  }
  const over = [...months.values()].filter((month) => month.down > allowed + 1e-6);
  let down = 0;
  return severities.map((_severity, minute) => {
    down = minute === 0 || monthOf(minute) !== monthOf(minute - 1) ? 0 : down + severities[minute - 1];
    if (Math.abs(down - allowed) < 1e-6) return undefined;
    const index = months.get(monthOf(minute))?.index ?? 0;
    return down > allowed || over.some((month) => month.index < index && index <= month.index + carry(month.down));
  });
}
