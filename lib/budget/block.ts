/** A time in which releases are blocked. */
export interface Block {
  /** Milliseconds since 1970: the moment at which the downtime went over what is allowed. */
  readonly from: number;
  /** Milliseconds since 1970: from here on it does not block any more. */
  readonly to: number;
  /** For people, with both numbers. */
  readonly reason: string;
  /** Of the month; in a rolling window the most that it held during the block. */
  readonly downMinutes: number;
  readonly allowedMinutes: number;
}

/** Blocks that overlap or touch, which are one for whoever waits: it ends with the last of them. */
export interface JoinedBlock {
  readonly from: number;
  readonly to: number;
  readonly causes: readonly Block[];
}

/** The blocks as whoever waits meets them: apart, and in order. */
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

/** What blocks at a moment, and until when in all. */
export const blockAt = (blocks: readonly Block[], now: number): JoinedBlock | undefined =>
  joined(blocks).find(({ from, to }) => from <= now && now < to);
