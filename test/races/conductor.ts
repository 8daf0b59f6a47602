import type { Scheduler } from 'fast-check';
import type { VirtualClock } from '../local-aws/clock';

/** Rounds of the event loop in which nothing has happened, after which nothing will by itself. */
const QUIET_ROUNDS = 3;

/** Far more than any race has. */
const MAX_TURNS = 20_000;

/**
 * Decides what happens next in a world where everything waits for its turn: one of the calls and events that are due, or
 * time. Which of them is the scheduler's choice, so that a seed of fast-check is one interleaving.
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
    /** Whether anything is being done that needs no further turn. */
    private readonly busy: () => boolean,
  ) {}

  /** Waits for its turn. Time stands still rather than pass this moment: virtual time, in milliseconds. */
  async turn(label: string, latest: number): Promise<void> {
    const waiting = { latest };
    this.waiting.add(waiting);
    await this.scheduler.schedule(Promise.resolve(), label);
    this.waiting.delete(waiting);
  }

  /** Something that goes on beside everything else, and must have ended at the end. */
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
   * Lets everything happen, until nothing is left to happen. Who calls it takes part in the clock's time and does not
   * sleep: nobody else may let it pass.
   *
   * @param look called whenever one thing has happened
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

  /** To which time may pass; undefined when somebody cannot wait so long. */
  private get nextMoment(): number | undefined {
    const { next } = this.clock;
    const latest = Math.min(...[...this.waiting].map((each) => each.latest));
    return next !== undefined && next <= latest ? next : undefined;
  }
}
