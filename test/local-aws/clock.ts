/**
 * Time of the local AWS. It moves only when somebody advances it or when everybody who takes part in it sleeps, so a
 * canary of 24 hours takes as long as its calls do.
 */
export class VirtualClock {
  /** Stands in for the global `Date` in code that is to live in virtual time. */
  readonly Date: DateConstructor;

  private time: number;
  private timers: Timer[] = [];
  private sleepers = new Set<(reason: unknown) => void>();
  /** How many participants are awake. While one is, time stands still. */
  private awake = 0;
  private pumping = false;

  constructor(start = Date.parse('2026-03-02T09:00:00Z')) {
    this.time = start;
    this.Date = virtualDate(() => this.time);
  }

  /** Milliseconds since 1970, as `Date.now()` would give them. */
  now(): number {
    return this.time;
  }

  /** The present moment, ISO 8601. */
  iso(): string {
    return new Date(this.time).toISOString();
  }

  /** When the next thing becomes due: virtual time, in milliseconds. */
  get next(): number | undefined {
    return this.due(Number.POSITIVE_INFINITY)?.at;
  }

  /** Lets that many minutes pass, with all that becomes due in them, in its order. */
  async advance(minutes: number): Promise<void> {
    await this.advanceTo(this.time + minutes * 60_000);
  }

  /** Lets time pass until this moment: virtual time, in milliseconds. */
  async advanceTo(end: number): Promise<void> {
    for (let next = this.due(end); next; next = this.due(end)) {
      await this.fire(next);
    }
    this.time = Math.max(this.time, end);
  }

  /** Runs `action` that many seconds from now. The answer cancels it. */
  after(seconds: number, action: () => Promise<void> | void): () => void {
    const timer: Timer = { at: this.time + seconds * 1000, action };
    this.timers.push(timer);
    return () => this.remove(timer);
  }

  /** Runs `action` that many minutes from now: how a test lets something happen in the middle of a release. */
  inMinutes(minutes: number, action: () => Promise<void> | void): () => void {
    return this.after(minutes * 60, action);
  }

  /** Runs `work` as one of those whose sleeping lets time pass: several machines then share one time line. */
  async participate<T>(work: () => Promise<T>): Promise<T> {
    this.awake++;
    try {
      return await work();
    } finally {
      this.awake--;
      await this.pump();
    }
  }

  /** Sleeps in virtual time. When all participants sleep, time jumps to what is due next. */
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

/** A `Date` whose present is told by `now`: virtual time, in milliseconds. */
export function virtualDate(now: () => number): DateConstructor {
  class VirtualDate extends Date {
    constructor(...args: unknown[]) {
      super(...((args.length === 0 ? [now()] : args) as [number]));
    }

    static override now(): number {
      return now();
    }

    /** A date that was made outside of virtual time is a date, too. */
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === '[object Date]';
    }
  }
  return VirtualDate as unknown as DateConstructor;
}
