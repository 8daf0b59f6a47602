import type { Holder, Release } from '../../lib/ledger/items';
import type { LocalPipeline } from '../e2e/local-pipeline';
import type { Call } from '../local-aws/call';

/** State of the ledger, as far as it matters to the gate. */
export interface LedgerState {
  readonly holder: Holder | undefined;
  readonly releases: { readonly [executionId: string]: Release };
  readonly isHeldByPerson: boolean;
}

/**
 * Checks the gate's retries: none against a person's hold, and none beside a release that was under way when the gate
 * began to read. CodePipeline has no conditions: the ledger must refuse what changes after that.
 */
export class GateReferee {
  /** Releases that were retried. */
  readonly retried = new Set<string>();

  private state: LedgerState = { holder: undefined, releases: {}, isHeldByPerson: false };
  /** Facts that hold now, each with the length of the story when it began to hold. */
  private readonly since = new Map<string, number>();

  constructor(private readonly pipeline: LocalPipeline) {}

  /** Records that an execution runs from now on. */
  runs(executionId: string, now: number): void {
    this.set(`${executionId} runs`, true, now);
  }

  ended(executionId: string): void {
    this.since.delete(`${executionId} runs`);
  }

  /** Reads the ledger's new state. */
  read(state: LedgerState, now: number): void {
    this.state = state;
    const { holder, releases, isHeldByPerson } = state;
    this.set('held by a person', isHeldByPerson, now);
    for (const [id, { rollingBackSince, ended }] of Object.entries(releases)) {
      this.set(`${id} holds`, holder?.state === 'HELD' && holder.executionId === id && !ended, now);
      this.set(`${id} is rolled back`, rollingBackSince !== undefined && !ended, now);
    }
  }

  /**
   * Describes the fault of a retry that the gate has just made.
   *
   * @param began length of the story when the gate began to read
   */
  foulOf({ input }: Call, began: number): string | undefined {
    const executionId = String(input.pipelineExecutionId);
    this.retried.add(executionId);
    const { holder } = this.state;
    const retry = `${executionId} was retried in ${input.stageName}`;
    if (this.was('held by a person', began)) return `${retry} while a person holds the pipeline`;
    const other = holder?.executionId;
    if (other === undefined || other === executionId) return undefined;
    const isUnderWay = this.was(`${other} runs`, began) || this.was(`${other} is rolled back`, began);
    return this.was(`${other} holds`, began) && isUnderWay ? `${retry} while ${other} is under way` : undefined;
  }

  /** Lists the releases that wait at a gate for ever, when nothing is left to happen and nothing blocks any more. */
  leftAtGates(): readonly string[] {
    const { holder, releases } = this.state;
    const held = holder?.state === 'HELD' && !releases[holder.executionId]?.ended ? holder.executionId : undefined;
    return (['Canary', 'Production'] as const).flatMap((stage) => {
      const { inside, gate } = this.pipeline.transition(stage);
      if (inside === undefined || !gate?.failed || this.pipeline.statusOf(inside) !== 'Failed') return [];
      const canary = this.pipeline.transition('Canary');
      const isNewest = (canary.inside ?? canary.passed) === inside;
      // A release passes Production's gate only if it holds production, and no gate while another release holds it.
      const mayGoOn = isNewest && (held === inside || (stage === 'Canary' && held === undefined));
      return mayGoOn ? [`${inside} before the gate of ${stage}`] : [];
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
