import { LedgerTable } from '../ledger/table';
import { equals, missing, set } from '../ledger/update';
import type { BreakGlassRecord } from './break-glass';
import { type Blocked, parseBlocked, parseUsedGlass, type UsedBreakGlass } from './items';
import type { GateStage } from './request';

/** What the gates keep in the ledger's table. They delete nothing of it. */
export class GateLedger extends LedgerTable {
  /** The last release that this gate has blocked. */
  async blocked(stage: GateStage): Promise<Blocked | undefined> {
    const item = await this.get(blockedKey(stage));
    return item && parseBlocked(item);
  }

  async setBlocked(blocked: Blocked): Promise<void> {
    await this.put(blockedKey(blocked.stage), blocked, []);
  }

  /** Its release has passed, or another one has come. A conflict when another one has been blocked since. */
  async endBlock({ stage, executionId, at }: Blocked): Promise<void> {
    await this.update(blockedKey(stage), [
      equals(['executionId'], executionId),
      equals(['at'], at),
      set(['state'], 'OVER'),
    ]);
  }

  /** How a writing of the break-glass parameter has been used. */
  async usedBreakGlass(writing: string): Promise<UsedBreakGlass | undefined> {
    const item = await this.get(glassKey(writing));
    return item && parseUsedGlass(item);
  }

  /**
   * Remembers a use of a writing of the break-glass parameter, for good: whoever may write the parameter cannot touch the
   * table. A conflict when it has been used meanwhile, for this gate or by another release.
   */
  async recordBreakGlass(writing: string, used: UsedBreakGlass | undefined, record: BreakGlassRecord): Promise<void> {
    const { version, executionId, stage, jobId } = record;
    const key = glassKey(writing);
    if (!used) {
      const item = { version, executionId, stages: { [stage]: jobId }, records: { [stage]: record } };
      await this.put(key, item, [missing(['pk'])]);
    } else if (used.stages[stage] !== jobId) {
      await this.update(key, [
        equals(['executionId'], executionId),
        missing(['stages', stage]),
        set(['stages', stage], jobId),
        set(['records', stage], record),
      ]);
    }
  }

  /** The release's canary is observed for less than the plan says. A conflict when the release has ended. */
  async shortenTrafficCycle(executionId: string, minutes: number): Promise<void> {
    const updates = [equals(['executionId'], executionId), missing(['endedAt']), set(['trafficCycleMinutes'], minutes)];
    await this.update(`release#${executionId}`, updates, true);
  }
}

const blockedKey = (stage: GateStage): string => `blocked#${stage}`;

const glassKey = (writing: string): string => `break-glass#${writing}`;
