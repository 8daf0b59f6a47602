/** A time in which the service was down, wholly or in part. */
export interface Downtime {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Milliseconds since 1970; exclusive. */
  readonly to: number;
  /** Weight of its time: 1 when all was down. Not negative; more than 1 where more than the usual traffic failed. */
  readonly severity: number;
}

/**
 * Merges downtimes: sorted, without overlaps, neighbours of equal severity joined. Where several overlap, the largest
 * severity counts: two causes at the same time are one outage, and are never added. A severity of 0 is left out.
 */
export function merge(downtimes: readonly Downtime[]): readonly Downtime[] {
  const counting = downtimes.filter(({ from, to, severity }) => to > from && severity > 0);
  const merged: Downtime[] = [];
  for (const piece of areApart(counting) ? counting : pieces(counting)) {
    const last = merged.at(-1);
    if (last?.to === piece.from && last.severity === piece.severity) {
      merged[merged.length - 1] = { ...last, to: piece.to };
    } else {
      merged.push(piece);
    }
  }
  return merged;
}

/** Returns true if no two overlap, as the minutes of a metric, or the result of `merge`. */
const areApart = (downtimes: readonly Downtime[]): boolean =>
  downtimes.every(({ from }, index) => index === 0 || downtimes[index - 1].to <= from);

/**
 * Splits downtimes at all edges. The largest severity comes first, and each paints the stretches that are still
 * unpainted.
 */
function pieces(downtimes: readonly Downtime[]): readonly Downtime[] {
  const edges = Float64Array.from(new Set(downtimes.flatMap(({ from, to }) => [from, to]))).sort();
  const indexOf = new Map(Array.from(edges, (edge, index) => [edge, index]));
  const unpainted = new Unpainted(edges.length);
  const painted: Downtime[] = [];
  for (const { from, to, severity } of [...downtimes].sort((a, b) => b.severity - a.severity)) {
    const end = indexOf.get(to) ?? 0;
    for (let index = unpainted.from(indexOf.get(from) ?? 0); index < end; index = unpainted.from(index)) {
      painted.push({ from: edges[index], to: edges[index + 1], severity });
      unpainted.paint(index);
    }
  }
  return painted.sort((a, b) => a.from - b.from);
}

/** Cuts downtimes to the time between two moments. */
export function clip(downtimes: readonly Downtime[], begin: number, end: number): readonly Downtime[] {
  return downtimes
    .map(({ from, to, severity }) => ({ from: Math.max(from, begin), to: Math.min(to, end), severity }))
    .filter(({ from, to }) => to > from);
}

/** Sums the weighted milliseconds of downtimes that do not overlap. */
export const total = (downtimes: readonly Downtime[]): number =>
  downtimes.reduce((sum, { from, to, severity }) => sum + (to - from) * severity, 0);

/** Unpainted stretches. Finds the next one without visiting painted ones twice. */
class Unpainted {
  private readonly next: Uint32Array;

  constructor(length: number) {
    this.next = Uint32Array.from({ length: length + 1 }, (_each, index) => index);
  }

  /** Finds the first one at this index or behind it. */
  public from(index: number): number {
    let found = index;
    while (this.next[found] !== found) {
      this.next[found] = this.next[this.next[found]];
      found = this.next[found];
    }
    return found;
  }

  public paint(index: number): void {
    this.next[index] = index + 1;
  }
}
