import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
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

/** How long a release is remembered: longer than the year that reports look back. */
const REMEMBERED_DAYS = 400;

/** How a release came to its end. */
export interface Ending {
  readonly ended: Ended;
  readonly reason: string;
  readonly endedAt: string;
}

/** The release is there and has not ended. */
const UNDER_WAY: readonly Update[] = [missing(['endedAt'])];

/**
 * Which release holds production, and what became of every release. One table, one item per subject, every write
 * conditional on one item alone: a release's own item is its fence (see items.ts), so no write needs two items to agree.
 * A write whose condition does not hold throws a LedgerConflict.
 */
export class Ledger extends LedgerTable {
  /** @param kinds of workloads whose revisions it reads */
  constructor(
    client: DynamoDBClient,
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

  /** Makes sure that the release has an item. Changes nothing of one that is there. */
  async open(executionId: string, commit: string): Promise<void> {
    await this.openRelease({ executionId, commit, candidates: {}, stables: {}, rollouts: {}, changes: 0 });
  }

  /** Makes sure that a release has an item, of which more is known than of a new one. */
  async openRelease(release: Release): Promise<void> {
    const expiresAt = Math.floor(Date.now() / 1000) + REMEMBERED_DAYS * 24 * 3600;
    await ignoringConflict(this.put(releaseKey(release.executionId), { ...release, expiresAt }, [missing(['pk'])]));
  }

  /** The release now holds production with this token. */
  async setToken(executionId: string, token: number): Promise<void> {
    await this.updateRelease(executionId, [...UNDER_WAY, set(['token'], token)]);
  }

  /** The team has been told that the release has acquired production. */
  async recordStartTold(executionId: string): Promise<void> {
    await this.updateRelease(executionId, [...UNDER_WAY, set(['startTold'], true)]);
  }

  /** Which execution runs the release's rollout. A conflict once the release has ended or is being rolled back. */
  async recordMachine(executionId: string, machine: string): Promise<void> {
    await this.updateRelease(executionId, [...UNDER_WAY, missing(['rollingBackSince']), set(['machine'], machine)]);
  }

  /** What one environment has published for the release, by target. */
  async recordCandidates(
    executionId: string,
    environment: string,
    candidates: { readonly [key: string]: Published },
  ): Promise<void> {
    await this.updateRelease(executionId, [...UNDER_WAY, set(['candidates', environment], candidates)]);
  }

  /** Which revisions one environment served when the release began, by target. Written once: a second time conflicts. */
  async recordStables(
    executionId: string,
    environment: string,
    stables: { readonly [key: string]: Revision },
  ): Promise<void> {
    const path = ['stables', environment];
    await this.updateRelease(executionId, [...UNDER_WAY, missing(path), set(path, stables)]);
  }

  /**
   * What became of a rollout. A conflict once the release has ended or is being rolled back.
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

  /** From now on no rollout of this release starts or passes. */
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

  /** Remembers the last release that completed. A conflict when that of a later token is there. */
  async setStable(stable: Stable, token: number): Promise<void> {
    await this.put('stable', { ...stable, token }, [atMost(['token'], token)]);
  }

  async personHold(): Promise<PersonHold | undefined> {
    const item = await this.get('hold');
    return item && parsePersonHold(item);
  }

  /** Holds the pipeline for a person. A conflict when it is held already: the first hold says why. */
  async placeHold(hold: PersonHold): Promise<void> {
    await this.put('hold', hold, [missing(['pk'])]);
  }

  /** Ends a person's hold, whether or not there is one. */
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

/** For what another has written already, just as well. */
export async function ignoringConflict(write: Promise<void>): Promise<void> {
  await write.catch((error) => {
    if (!(error instanceof LedgerConflict)) throw error;
  });
}
