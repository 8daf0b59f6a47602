import { type Holder, parseHolder, parseRelease, type Release } from '../../lib/ledger/items';
import { hasMoved } from '../../lib/ledger/started';
import { returnedId } from '../../lib/rollback/decide-open-return';
import { markOf } from '../../lib/workload/description';
import { versionOf } from '../../lib/workload/lambda/revision';
import { servesAlone } from '../../lib/workload/serving';
import type { ActionResult, LocalPipeline } from '../e2e/local-pipeline';
import { serving } from '../helpers/revisions';
import type { MachineResult } from '../helpers/run-machine';
import type { Call } from '../local-aws/call';
import type { Order, Witness } from './executions';
import { GateReferee } from './gate-referee';
import { readOrder } from './orders';
import { FUNCTION, RACED_REGIONS } from './plan';

/** Calls that move traffic, or may. */
export const MOVES = /^(CreateDeployment|StopDeployment|UpdateAlias)$/;

/** Number of calls before a foul that its message lists. */
const LAST_CALLS = 60;

/** Reasons why a release that completed meanwhile is not rolled back. */
const COMPLETED_BEFORE = /has ended already: COMPLETED|has completed, but (is not|release (?!\S+-returned ))/;

/** Publisher of the version that production served before the first release. */
const BEFORE = 'before';

/** Number of releases by their end. */
export type Tally = Map<string, number>;

/** A call, and the release in whose name it was made. */
export interface Move {
  readonly call: Call;
  readonly executionId: string;
  readonly bundle: string;
  /** Length of the story when its handler began. */
  readonly began: number;
}

/** Checks everything that happens against the rules. Throws at the first violation. */
export class Referee implements Witness {
  /** Log of everything that has happened, for a person. */
  readonly story: string[] = [];

  private holder: Holder | undefined;
  private releases: { readonly [executionId: string]: Release } = {};
  private stable = BEFORE;
  /** Publishing release, by region and version. */
  private readonly publishers = new Map<string, string>();
  /** Reason why a release must end rolled back or not at all, by release. */
  private readonly owed = new Map<string, string>();
  private readonly refused = new Set<string>();

  private readonly gate: GateReferee;

  constructor(private readonly pipeline: LocalPipeline) {
    this.gate = new GateReferee(pipeline);
  }

  log(text: string): void {
    this.story.push(`${this.pipeline.clock.iso().slice(11, 19)} ${text}`);
  }

  published(executionId: string, region: string, version: string): void {
    this.log(`${executionId} is published in ${region}: version ${version}`);
    this.publishers.set(`${region}/${version}`, executionId);
    if (this.holder?.state === 'HELD' && this.holder.executionId !== executionId) {
      this.foul(`${executionId} was published in ${region} inside the release of ${this.holder.executionId}`);
    }
  }

  acted(executionId: string, { action, failed, message }: ActionResult): void {
    this.log(`${executionId} ${action}: ${failed ? `failed, ${message}` : 'done'}`);
    if (failed && !/^RolledBack/.test(message)) this.refused.add(executionId);
  }

  runs(executionId: string): void {
    this.log(`${executionId} runs`);
    this.gate.runs(executionId, this.story.length);
  }

  ended(executionId: string): void {
    this.gate.ended(executionId);
  }

  ordered(order: Order): (result: MachineResult) => void {
    const { executionId, because, failed } = readOrder(order);
    this.log(`order to roll back ${executionId}: ${because}`);
    const release = this.releases[executionId];
    const counts = release && (failed ? hasMoved(release, this.pipeline.fleet.plan) : true);
    const standsNow = this.holder?.state === 'HELD' && this.holder.executionId === executionId;
    const mine = `order ${because}`;
    if (counts && standsNow && !release.ended && !this.owed.has(executionId)) this.owed.set(executionId, mine);
    return ({ status, output, error, cause }) => {
      const reason = (output as { reason?: string } | undefined)?.reason ?? `${error}: ${cause}`;
      this.log(`order ${executionId} (${because}) ended ${status}: ${reason}`);
      if (error === 'RollbackIncomplete') this.foul(`the rollback of ${executionId} was given up: ${cause}`);
      // The release completed while the order was on its way, and the order's result says so.
      if (COMPLETED_BEFORE.test(reason) && this.owed.get(executionId) === mine) this.owed.delete(executionId);
    };
  }

  /** Records a call of a handler that has been served. */
  async served({ call, executionId, bundle, began }: Move): Promise<void> {
    const { operation, region, input } = call;
    // The endpoint records another object for a call that failed.
    const done = this.pipeline.world.calls.includes(call);
    const what = MOVES.test(operation) ? ` ${input.description ?? input.deploymentId ?? input.FunctionVersion}` : '';
    this.log(`  ${executionId} ${bundle}: ${operation} ${region}${what}${done ? '' : ' (refused)'}`);
    if (!done) return;
    if (MOVES.test(operation)) this.checkMove(executionId, call);
    if (operation === 'RetryStageExecution') {
      await this.readLedger();
      const foul = this.gate.foulOf(call, began);
      if (foul) this.foul(foul);
    }
    if (operation === 'PutItem' || operation === 'UpdateItem') await this.readLedger();
  }

  /** Checks the fleet after each step. */
  look(): void {
    this.checkFleet();
    this.checkStops();
  }

  /** Releases that wait at a gate although nothing blocks any more. */
  get leftAtGates(): readonly string[] {
    return this.gate.leftAtGates();
  }

  /** Checks the end, when nothing is left to happen. */
  async end(tally: Tally, waiting: readonly string[]): Promise<void> {
    await this.readLedger();
    this.look();
    for (const [executionId, why] of this.owed) {
      const { ended } = this.releases[executionId];
      const takenBack = this.releases[returnedId(executionId)]?.ended === 'ROLLED_BACK';
      const ok = ended === 'ROLLED_BACK' || takenBack || (ended === 'ABANDONED' && why.startsWith('order'));
      if (!ok) this.foul(`the rollback of ${executionId} was lost, it ended ${ended}: ${why}`);
    }
    const live = [...this.live()];
    if (live.length !== 1) this.foul(`the fleet ended on ${live.join(' and ')}`);
    for (const { ended, token } of Object.values(this.releases)) {
      const kind = ended ?? (token === undefined ? 'NEVER_TOOK' : 'LEFT');
      tally.set(kind, (tally.get(kind) ?? 0) + 1);
    }
    tally.set('REFUSED', (tally.get('REFUSED') ?? 0) + this.refused.size);
    tally.set('RETRIED', (tally.get('RETRIED') ?? 0) + this.gate.retried.size);
    const left = [...waiting, ...this.leftAtGates];
    if (left.length > 0) this.foul(`these wait for ever: ${left.join(', ')}`);
  }

  /** Throws with the whole story, and only the last of the calls. */
  foul(what: string): never {
    const from = this.story.length - LAST_CALLS;
    const shown = this.story.filter((line, at) => at >= from || !/^\S+ {3}/.test(line));
    throw new Error(`${what}\n${shown.join('\n')}`);
  }

  /** Checks that only the holder of production moves traffic, and only its own. */
  private checkMove(executionId: string, call: Call): void {
    const { holder } = this;
    const { operation, region, input } = call;
    const mayBe = [executionId, returnedId(executionId)];
    if (!holder || !mayBe.includes(holder.executionId) || holder.state !== 'HELD') {
      if (this.movesNothing(executionId, call)) return;
      const now = `${holder?.executionId} is the holder (${holder?.state})`;
      this.foul(`${operation} in ${region} for ${executionId}, while ${now}`);
    }
    const whose =
      operation === 'CreateDeployment'
        ? markOf(String(input.description))?.executionId
        : operation === 'StopDeployment'
          ? this.ownerOf(region, String(input.deploymentId))
          : executionId;
    if (whose === undefined || !mayBe.includes(whose))
      this.foul(`${executionId} touched what belongs to ${whose}: ${operation} in ${region}`);
    if (operation === 'UpdateAlias') {
      const to = this.releases[holder.executionId]?.stables[region]?.[FUNCTION];
      if (!to || input.FunctionVersion !== versionOf(to))
        this.foul(`UpdateAlias to ${input.FunctionVersion} instead of ${JSON.stringify(to)} in ${region}`);
    }
  }

  /**
   * Returns true for an anchor, from the served revision to itself, set by a handler whose release was released before
   * anything shifted.
   */
  private movesNothing(executionId: string, { region, input }: Call): boolean {
    const stable = this.releases[executionId]?.stables[region]?.[FUNCTION];
    const isAnchor = markOf(String(input.description))?.purpose === 'anchor';
    const alias = this.pipeline.fleet.function(region, FUNCTION).aliases.get('live');
    return (
      isAnchor &&
      stable !== undefined &&
      alias !== undefined &&
      servesAlone(serving(alias.version, alias.weights), stable)
    );
  }

  private ownerOf(region: string, deploymentId: string): string | undefined {
    const all = this.deployments(region);
    const found = all.find(({ id }) => id === deploymentId);
    const returned = found?.rollback?.rollbackTriggeringDeploymentId;
    const described = returned ? all.find(({ id }) => id === returned) : found;
    return markOf(described?.description)?.executionId;
  }

  private deployments(region: string): ReturnType<LocalPipeline['world']['codedeploy']['all']> {
    return this.pipeline.world.codedeploy.all(this.pipeline.fleet.plan.environments[region]);
  }

  /** Checks that a deployment that an alarm stopped leads to a rollback. */
  private checkStops(): void {
    for (const region of RACED_REGIONS) {
      for (const { id, error, description } of this.deployments(region)) {
        const mark = error?.code === 'ALARM_ACTIVE' ? markOf(description) : undefined;
        if (mark?.purpose !== 'shift' || this.owed.has(mark.executionId)) continue;
        this.log(`an alarm has stopped ${id} of ${mark.executionId}`);
        this.owed.set(mark.executionId, `an alarm has stopped ${id}`);
      }
    }
  }

  /** Checks that only the holder's candidate and its stable revision are live. */
  private checkFleet(): void {
    const { holder } = this;
    const allowed = new Set([this.stable]);
    if (holder?.state === 'HELD') {
      const { returns, stables } = this.releases[holder.executionId] ?? {};
      if (returns === undefined) allowed.add(holder.executionId);
      else
        for (const region of RACED_REGIONS) {
          const stable = stables?.[region]?.[FUNCTION];
          allowed.add(this.publisherOf(region, stable ? versionOf(stable) : ''));
        }
    }
    const others = [...this.live()].filter((each) => !allowed.has(each));
    if (others.length > 0) this.foul(`${others.join(' and ')} live, where only ${[...allowed].join(' and ')} may be`);
  }

  /** Releases whose versions have traffic. */
  private live(): ReadonlySet<string> {
    const owners = RACED_REGIONS.flatMap((region) =>
      Object.keys(this.pipeline.fleet.shares(region, FUNCTION)).map((version) => this.publisherOf(region, version)),
    );
    return new Set(owners);
  }

  private publisherOf(region: string, version: string): string {
    return this.publishers.get(`${region}/${version}`) ?? BEFORE;
  }

  private async readLedger(): Promise<void> {
    const items = await this.pipeline.ledger();
    const holder = items.holder && parseHolder(items.holder);
    const releases = Object.fromEntries(Object.entries(items.releases).map(([id, item]) => [id, parseRelease(item)]));
    const before = { holder: this.holder, releases: this.releases };
    this.holder = holder;
    this.releases = releases;
    // The ledger has only this much about the release before the first.
    const stable = String(items.stable?.executionId ?? BEFORE);
    this.stable = stable.startsWith(BEFORE) ? BEFORE : stable;
    this.gate.read({ holder, releases, isHeldByPerson: items.all.hold !== undefined }, this.story.length);
    this.checkTokens(before);
  }

  /** Checks that tokens only grow, and that no release is written to after it ended or was overtaken. */
  private checkTokens(before: { readonly holder: Holder | undefined; readonly releases: Referee['releases'] }): void {
    const { holder, releases } = this;
    const last = before.holder;
    if (holder && last) {
      const grows =
        holder.executionId === last.executionId ? holder.token === last.token : holder.token === last.token + 1;
      if (!grows)
        this.foul(
          `the token went from ${last.token} of ${last.executionId} to ${holder.token} of ${holder.executionId}`,
        );
      if (holder.executionId !== last.executionId && !releases[last.executionId]?.ended) {
        this.foul(`${holder.executionId} has acquired production before ${last.executionId} had ended`);
      }
    }
    for (const [id, release] of Object.entries(releases)) {
      const old = before.releases[id];
      if (!old || JSON.stringify(old) === JSON.stringify(release)) continue;
      if (old.ended) this.foul(`${id} was written to after it had ended (${old.ended})`);
      if (release.token !== undefined && holder && release.token < holder.token && holder.executionId !== id) {
        this.foul(`${id} (token ${release.token}) was written to after ${holder.executionId} (token ${holder.token})`);
      }
      const { ended } = release;
      if (ended) this.log(`${id} has ended ${ended}`);
      if (ended === 'ROLLED_BACK' || ended === 'COMPLETED') this.checkServed(release, ended);
    }
  }

  /** Checks that every alias is wholly on the revision that the release's end requires. */
  private checkServed({ executionId, stables, candidates }: Release, ended: string): void {
    for (const region of RACED_REGIONS) {
      const revision = ended === 'COMPLETED' ? candidates[region]?.[FUNCTION]?.revision : stables[region]?.[FUNCTION];
      const alias = this.pipeline.fleet.function(region, FUNCTION).aliases.get('live');
      if (!revision || !alias || !servesAlone(serving(alias.version, alias.weights), revision)) {
        const [is, not] = [alias, revision].map((each) => JSON.stringify(each));
        this.foul(`${executionId} has ended ${ended}, while ${region} serves ${is}, not ${not}`);
      }
    }
  }
}
