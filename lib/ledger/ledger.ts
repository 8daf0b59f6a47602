import type { DynamoDb } from '../aws/dynamodb';
import { WORKLOAD_KINDS } from '../plan/kinds';
import type { Published, Revision } from '../plan/revision';
import {
  type Ended,
  type Holder,
  type PersonHold,
  parseHolder,
  parsePersonHold,
  parseRelease,
  parseStable,
  type Release,
  type RolloutRecord,
  type Stable,
} from './items';
import { LedgerTable } from './table';
import { atMost, equals, LedgerConflict, missing, set, type Update } from './update';

/** Days for which a release is stored: more than the year that reports cover. */
const KEPT_DAYS = 400;

/** End of a release. */
export interface Ending {
  readonly ended: Ended;
  readonly reason: string;
  readonly endedAt: string;
}

/** Condition that the release is there and has not ended. */
const UNDER_WAY: readonly Update[] = [missing(['endedAt'])];

/**
 * Record of which release holds production, and of every release. It is one table with one item per subject. Every
 * write is conditional on one item alone: a release's own item is its fence (see items.ts), so no write needs two items
 * to agree. A write whose condition does not hold throws a LedgerConflict.
 */
export class Ledger extends LedgerTable {
  /** @param kinds of workloads whose revisions it reads */
  constructor(
    client: DynamoDb,
    table: string,
    private readonly kinds: readonly string[] = WORKLOAD_KINDS,
  ) {
    super(client, table);
  }

  async holder(): Promise<Holder | undefined> {
    const item = await this.get('holder');
    return item && parseHolder(item);
  }

  async release(executionId: string): Promise<Release | undefined> {
    const item = await this.get(releaseKey(executionId));
    return item && parseRelease(item, this.kinds);
  }

  async stable(): Promise<Stable | undefined> {
    const item = await this.get('stable');
    return item && parseStable(item, this.kinds);
  }

  /** Creates the release's item. Changes nothing if it exists. */
  async open(executionId: string, commit: string): Promise<void> {
    await this.openRelease({ executionId, commit, candidates: {}, stables: {}, rollouts: {}, changes: 0 });
  }

  /** Creates the item of a release with more fields than a new one has. Changes nothing if it exists. */
  async openRelease(release: Release): Promise<void> {
    const expiresAt = Math.floor(Date.now() / 1000) + KEPT_DAYS * 24 * 3600;
    await ignoringConflict(this.put(releaseKey(release.executionId), { ...release, expiresAt }, [missing(['pk'])]));
  }

  /** Records that the release holds production with this token. */
  async setToken(executionId: string, token: number): Promise<void> {
    await this.updateRelease(executionId, [...UNDER_WAY, set(['token'], token)]);
  }

  /** Records that the team has been notified that the release has acquired production. */
  async recordStartAnnounced(executionId: string): Promise<void> {
    await this.updateRelease(executionId, [...UNDER_WAY, set(['startAnnounced'], true)]);
  }

  /**
   * Records the execution that runs the release's rollout. A conflict once the release has ended or is being rolled
   * back.
   */
  async recordMachine(executionId: string, machine: string): Promise<void> {
    await this.updateRelease(executionId, [...UNDER_WAY, missing(['rollingBackSince']), set(['machine'], machine)]);
  }

  /** Records what one environment has published for the release, by target. */
  async recordCandidates(
    executionId: string,
    environment: string,
    candidates: { readonly [key: string]: Published },
  ): Promise<void> {
    await this.updateRelease(executionId, [...UNDER_WAY, set(['candidates', environment], candidates)]);
  }

  /**
   * Records the revisions that one environment served when the release began, by target. Once: a second write
   * conflicts.
   */
  async recordStables(
    executionId: string,
    environment: string,
    stables: { readonly [key: string]: Revision },
  ): Promise<void> {
    const path = ['stables', environment];
    await this.updateRelease(executionId, [...UNDER_WAY, missing(path), set(path, stables)]);
  }

  /**
   * Records the state of a rollout. A conflict once the release has ended or is being rolled back.
   *
   * @param token of the release that holds production; undefined for staging
   */
  async recordRollout(
    executionId: string,
    name: string,
    rollout: RolloutRecord,
    token: number | undefined,
  ): Promise<void> {
    const fence = token === undefined ? [] : [equals(['token'], token)];
    const updates = [missing(['rollingBackSince']), ...fence, set(['rollouts', name], rollout)];
    await this.updateRelease(executionId, [...UNDER_WAY, ...updates]);
  }

  /** Marks a release: from now on no rollout of it starts or passes. */
  async markRollingBack(executionId: string, at: string, because: string): Promise<void> {
    const path = ['rollingBackSince'];
    await this.updateRelease(executionId, [
      ...UNDER_WAY,
      missing(path),
      set(path, at),
      set(['rollingBackBecause'], because),
    ]);
  }

  /** Ends a release, if nothing has been written to it since it was read. */
  async end(release: Release, ending: Ending, rollouts: Release['rollouts'] = release.rollouts): Promise<void> {
    await this.updateRelease(release.executionId, [
      ...UNDER_WAY,
      release.changes > 0 ? equals(['changes'], release.changes) : atMost(['changes'], 0),
      set(['ended'], ending.ended),
      set(['reason'], ending.reason),
      set(['endedAt'], ending.endedAt),
      set(['rollouts'], rollouts),
    ]);
  }

  /** Gives production to `next`, if the holder is still as it was read. */
  async transferLock(holder: Holder | undefined, next: Holder): Promise<void> {
    const unchanged = holder ? heldBy(holder.executionId, holder.token, holder.state) : [missing(['pk'])];
    await this.put('holder', next, unchanged);
  }

  /** Frees production, if this release holds it with this token. */
  async releaseLock(executionId: string, token: number, ending: Ending): Promise<void> {
    await this.update('holder', [
      ...heldBy(executionId, token, 'HELD'),
      set(['state'], 'FREE'),
      set(['ended'], ending.ended),
      set(['reason'], ending.reason),
      set(['endedAt'], ending.endedAt),
    ]);
  }

  /** Records the last release that completed. A conflict if one with a later token is there. */
  async setStable(stable: Stable, token: number): Promise<void> {
    await this.put('stable', { ...stable, token }, [atMost(['token'], token)]);
  }

  async personHold(): Promise<PersonHold | undefined> {
    const item = await this.get('hold');
    return item && parsePersonHold(item);
  }

  /** Holds the pipeline for a person. A conflict if it is held already: the first hold stays. */
  async placeHold(hold: PersonHold): Promise<void> {
    await this.put('hold', hold, [missing(['pk'])]);
  }

  /** Ends a person's hold, if there is one. */
  async removeHold(): Promise<void> {
    await this.delete('hold');
  }

  private async updateRelease(executionId: string, updates: readonly Update[]): Promise<void> {
    await this.update(releaseKey(executionId), [equals(['executionId'], executionId), ...updates], true);
  }
}

const releaseKey = (executionId: string): string => `release#${executionId}`;

const heldBy = (executionId: string, token: number, state: Holder['state']): readonly Update[] => [
  equals(['executionId'], executionId),
  equals(['token'], token),
  equals(['state'], state),
];

/** Ignores a LedgerConflict where another writer has done the same work. */
export async function ignoringConflict(write: Promise<void>): Promise<void> {
  await write.catch((error) => {
    if (!(error instanceof LedgerConflict)) throw error;
  });
}
