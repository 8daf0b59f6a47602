import type { Scheduler } from 'fast-check';
import type { VirtualClock } from '../local-aws/clock';

/** Quiet rounds of the event loop after which nothing more happens by itself. */
const QUIET_ROUNDS = 3;

/** Far more turns than any race has. */
const MAX_TURNS = 20_000;

/**
 * Decides the next step of a world in which everything waits for its turn: a due call, a due event, or time. The
 * scheduler chooses among them, so that a seed of fast-check is one interleaving.
 */
export class Conductor {
  private readonly waiting = new Set<{ readonly latest: number }>();
  private readonly jobs = new Set<{ readonly name: string }>();
  private timeIsOffered = false;
  private timeIsChosen = false;
  private failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly clock: VirtualClock,
    /** Returns true while work is under way that needs no further turn. */
    private readonly busy: () => boolean,
  ) {}

  /** Waits for its turn. Time does not pass `latest`, virtual time in milliseconds, before the turn has come. */
  async turn(label: string, latest: number): Promise<void> {
    const waiting = { latest };
    this.waiting.add(waiting);
    await this.scheduler.schedule(Promise.resolve(), label);
    this.waiting.delete(waiting);
  }

  /** Starts work beside everything else. The work must have ended at the end of the run. */
  job(name: string, work: () => Promise<unknown>): void {
    const job = { name };
    this.jobs.add(job);
    this.clock
      .participate(work)
      .catch((error) => {
        this.failure ??= { error };
      })
      .finally(() => this.jobs.delete(job));
  }

  /**
   * Runs everything until nothing is left to happen. The caller takes part in the clock's time and does not sleep: only
   * the conductor may let time pass.
   *
   * @param look called after each step
   */
  async run(look: () => Promise<void>): Promise<void> {
    for (let turns = 0; ; turns++) {
      if (turns > MAX_TURNS) throw new Error(`After ${turns} turns there is no end: ${this.names()}`);
      await this.quiet();
      if (this.failure) throw this.failure.error;
      await look();
      if (this.jobs.size === 0) return;
      this.offerTime();
      if (this.scheduler.count() === 0) {
        throw new Error(`Nothing can happen any more, but these have not ended: ${this.names()}`);
      }
      await this.scheduler.waitOne();
      await this.quiet();
      if (this.timeIsChosen) await this.passTime();
    }
  }

  private async quiet(): Promise<void> {
    for (let rounds = 0; rounds < QUIET_ROUNDS; rounds++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.busy()) rounds = -1;
    }
  }

  private names(): string {
    return [...this.jobs].map(({ name }) => name).join(', ');
  }

  private offerTime(): void {
    if (this.timeIsOffered || this.nextMoment === undefined) return;
    this.timeIsOffered = true;
    this.scheduler
      .schedule(Promise.resolve(), 'time passes')
      .then(() => {
        this.timeIsOffered = false;
        this.timeIsChosen = true;
      })
      .catch((error) => {
        this.failure ??= { error };
      });
  }

  private async passTime(): Promise<void> {
    this.timeIsChosen = false;
    const moment = this.nextMoment;
    if (moment !== undefined) await this.clock.advanceTo(moment);
  }

  /** Latest moment to which time may pass; undefined if something cannot wait so long. */
  private get nextMoment(): number | undefined {
    const { next } = this.clock;
    const latest = Math.min(...[...this.waiting].map((each) => each.latest));
    return next !== undefined && next <= latest ? next : undefined;
  }
}
