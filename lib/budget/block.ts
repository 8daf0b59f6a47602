/** A time in which releases are blocked. */
export interface Block {
  /** Milliseconds since 1970: the moment at which the downtime went over the allowance. */
  readonly from: number;
  /** Milliseconds since 1970: the moment at which the block ends. */
  readonly to: number;
  /** For people, with both numbers. */
  readonly reason: string;
  /** Downtime of the month; or the maximum in the rolling window during the block. */
  readonly downMinutes: number;
  readonly allowedMinutes: number;
}

/** Blocks that overlap or touch. For a waiting release they are one, which ends with the last of them. */
export interface JoinedBlock {
  readonly from: number;
  readonly to: number;
  readonly causes: readonly Block[];
}

/** Joins blocks as a waiting release meets them: apart, and in order. */
export function joined(blocks: readonly Block[]): readonly JoinedBlock[] {
  const all: { from: number; to: number; causes: Block[] }[] = [];
  for (const block of [...blocks].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = all.at(-1);
    if (last && block.from <= last.to) {
      last.to = Math.max(last.to, block.to);
      last.causes.push(block);
    } else {
      all.push({ from: block.from, to: block.to, causes: [block] });
    }
  }
  return all;
}

/** Finds the joined block at a moment, if there is one. */
export const blockAt = (blocks: readonly Block[], now: number): JoinedBlock | undefined =>
  joined(blocks).find(({ from, to }) => from <= now && now < to);
