import type { Holder, Release } from '../../lib/ledger/items';
import type { LocalPipeline } from '../e2e/local-pipeline';
import type { Call } from '../local-aws/call';

/** What the ledger says, as far as it matters to the gate. */
export interface Known {
  readonly holder: Holder | undefined;
  readonly releases: { readonly [executionId: string]: Release };
  readonly isHeldByPerson: boolean;
}

/**
 * Looks after what the gate retries: never against a person's hold, and never beside a release that is under way, as far as
 * it could know when it began to look. CodePipeline has no conditions: what comes about meanwhile is for the ledger to refuse.
 */
export class GateReferee {
  /** Releases that were retried. */
  readonly retried = new Set<string>();

  private known: Known = { holder: undefined, releases: {}, isHeldByPerson: false };
  /** Since when it is so: how many lines the story had. */
  private readonly since = new Map<string, number>();

  constructor(private readonly pipeline: LocalPipeline) {}

  /** An execution runs from now on. */
  runs(executionId: string, now: number): void {
    this.set(`${executionId} runs`, true, now);
  }

  ended(executionId: string): void {
    this.since.delete(`${executionId} runs`);
  }

  /** Somebody has written to the ledger. */
  read(known: Known, now: number): void {
    this.known = known;
    const { holder, releases, isHeldByPerson } = known;
    this.set('held by a person', isHeldByPerson, now);
    for (const [id, { rollingBackSince, ended }] of Object.entries(releases)) {
      this.set(`${id} holds`, holder?.state === 'HELD' && holder.executionId === id && !ended, now);
      this.set(`${id} is rolled back`, rollingBackSince !== undefined && !ended, now);
    }
  }

  /**
   * What is wrong with a retry that the gate has just called for.
   *
   * @param began how many lines the story had when it began to look
   */
  foulOf({ input }: Call, began: number): string | undefined {
    const executionId = String(input.pipelineExecutionId);
    this.retried.add(executionId);
    const { holder } = this.known;
    const retry = `${executionId} was retried in ${input.stageName}`;
    if (this.was('held by a person', began)) return `${retry} while a person holds the pipeline`;
    const other = holder?.executionId;
    if (other === undefined || other === executionId) return undefined;
    const isUnderWay = this.was(`${other} runs`, began) || this.was(`${other} is rolled back`, began);
    return this.was(`${other} holds`, began) && isUnderWay ? `${retry} while ${other} is under way` : undefined;
  }

  /** Who waits at a gate for ever, when nothing is left to happen and nothing blocks any more. */
  leftAtGates(): readonly string[] {
    const { holder, releases } = this.known;
    const held = holder?.state === 'HELD' && !releases[holder.executionId]?.ended ? holder.executionId : undefined;
    return (['Canary', 'Production'] as const).flatMap((stage) => {
      const { inside, gate } = this.pipeline.transition(stage);
      if (inside === undefined || !gate?.failed || this.pipeline.statusOf(inside) !== 'Failed') return [];
      const canary = this.pipeline.transition('Canary');
      const isNewest = (canary.inside ?? canary.passed) === inside;
      // Without production there is nothing to go on with at its gate; and none goes beside another that holds it.
      const mayGoOn = isNewest && (held === inside || (stage === 'Canary' && held === undefined));
      return mayGoOn ? [`${inside} in front of the gate of ${stage}`] : [];
    });
  }

  private was(fact: string, began: number): boolean {
    return (this.since.get(fact) ?? Number.POSITIVE_INFINITY) < began;
  }

  private set(fact: string, is: boolean, now: number): void {
    if (!is) this.since.delete(fact);
    else if (!this.since.has(fact)) this.since.set(fact, now);
  }
}
