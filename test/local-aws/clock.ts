/**
 * Time of the local AWS. It moves only when a caller advances it, or when all its participants sleep. A canary of 24
 * hours therefore takes as long as its calls do.
 */
export class VirtualClock {
  /** Replaces the global `Date` in code that runs in virtual time. */
  readonly Date: DateConstructor;

  private time: number;
  private timers: Timer[] = [];
  private sleepers = new Set<(reason: unknown) => void>();
  /** Number of participants that are awake. While one is awake, time stands still. */
  private awake = 0;
  private pumping = false;

  constructor(start = Date.parse('2026-03-02T09:00:00Z')) {
    this.time = start;
    this.Date = virtualDate(() => this.time);
  }

  /** Milliseconds since 1970, as `Date.now()` returns them. */
  now(): number {
    return this.time;
  }

  /** The present moment, ISO 8601. */
  iso(): string {
    return new Date(this.time).toISOString();
  }

  /** Virtual time of the next due timer, in milliseconds. */
  get next(): number | undefined {
    return this.due(Number.POSITIVE_INFINITY)?.at;
  }

  /** Advances time by these minutes, and runs everything that becomes due, in its order. */
  async advance(minutes: number): Promise<void> {
    await this.advanceTo(this.time + minutes * 60_000);
  }

  /** Advances time to this moment: virtual time, in milliseconds. */
  async advanceTo(end: number): Promise<void> {
    for (let next = this.due(end); next; next = this.due(end)) {
      await this.fire(next);
    }
    this.time = Math.max(this.time, end);
  }

  /** Runs `action` after these seconds. The returned function cancels it. */
  after(seconds: number, action: () => Promise<void> | void): () => void {
    const timer: Timer = { at: this.time + seconds * 1000, action };
    this.timers.push(timer);
    return () => this.remove(timer);
  }

  /** Runs `action` after these minutes, so that a test can place an event in the middle of a release. */
  inMinutes(minutes: number, action: () => Promise<void> | void): () => void {
    return this.after(minutes * 60, action);
  }

  /** Runs `work` as a participant, whose sleep lets time pass. Several machines can then share one time line. */
  async participate<T>(work: () => Promise<T>): Promise<T> {
    this.awake++;
    try {
      return await work();
    } finally {
      this.awake--;
      await this.pump();
    }
  }

  /** Sleeps in virtual time. When all participants sleep, time jumps to the next due timer. */
  sleep(seconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sleepers.add(reject);
      this.after(seconds, () => {
        this.sleepers.delete(reject);
        this.awake++;
        resolve();
      });
      this.awake--;
      this.pump().catch(reject);
    });
  }

  private async pump(): Promise<void> {
    if (this.pumping) {
      return;
    }
    this.pumping = true;
    try {
      while (this.awake <= 0 && this.sleepers.size > 0) {
        const next = this.due(Number.POSITIVE_INFINITY);
        if (!next) {
          return;
        }
        await this.fire(next);
      }
    } catch (error) {
      for (const reject of this.sleepers) {
        reject(error);
      }
      this.sleepers.clear();
    } finally {
      this.pumping = false;
    }
  }

  private due(end: number): Timer | undefined {
    const first = this.timers.reduce<Timer | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
    return first && first.at <= end ? first : undefined;
  }

  private async fire(timer: Timer): Promise<void> {
    this.remove(timer);
    this.time = Math.max(this.time, timer.at);
    await timer.action();
  }

  private remove(timer: Timer): void {
    this.timers = this.timers.filter((other) => other !== timer);
  }
}

interface Timer {
  readonly at: number;
  readonly action: () => Promise<void> | void;
}

/** Returns a `Date` class whose present is `now()`: virtual time, in milliseconds. */
export function virtualDate(now: () => number): DateConstructor {
  class VirtualDate extends Date {
    constructor(...args: unknown[]) {
      super(...((args.length === 0 ? [now()] : args) as [number]));
    }

    static override now(): number {
      return now();
    }

    /** Accepts a date that was made outside of virtual time as an instance, too. */
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === '[object Date]';
    }
  }
  return VirtualDate as unknown as DateConstructor;
}
