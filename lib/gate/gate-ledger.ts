import { LedgerTable } from '../ledger/table';
import { equals, missing, set } from '../ledger/update';
import type { BreakGlassRecord } from './break-glass';
import { type Blocked, parseBlocked, parseUsedBreakGlass, type UsedBreakGlass } from './items';
import type { GateStage } from './request';

/** Items of the gates in the ledger's table. The gates never delete one. */
export class GateLedger extends LedgerTable {
  /** Reads the last release that this gate has blocked. */
  async blocked(stage: GateStage): Promise<Blocked | undefined> {
    const item = await this.get(blockedKey(stage));
    return item && parseBlocked(item);
  }

  async setBlocked(blocked: Blocked): Promise<void> {
    await this.put(blockedKey(blocked.stage), blocked, []);
  }

  /**
   * Ends a block: its release has passed, or another one has entered. A conflict when another one has been blocked
   * since.
   */
  async endBlock({ stage, executionId, at }: Blocked): Promise<void> {
    await this.update(blockedKey(stage), [
      equals(['executionId'], executionId),
      equals(['at'], at),
      set(['state'], 'OVER'),
    ]);
  }

  /** Reads how one writing of the break-glass parameter has been used. */
  async usedBreakGlass(writing: string): Promise<UsedBreakGlass | undefined> {
    const item = await this.get(breakGlassKey(writing));
    return item && parseUsedBreakGlass(item);
  }

  /**
   * Records a use of one writing of the break-glass parameter, for good: its writers cannot touch the table. A conflict
   * when it has been used meanwhile, for this gate or by another release.
   */
  async recordBreakGlass(writing: string, used: UsedBreakGlass | undefined, record: BreakGlassRecord): Promise<void> {
    const { version, executionId, stage, jobId } = record;
    const key = breakGlassKey(writing);
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

  /** Shortens the release's traffic cycle below that of the plan. A conflict when the release has ended. */
  async shortenTrafficCycle(executionId: string, minutes: number): Promise<void> {
    const updates = [equals(['executionId'], executionId), missing(['endedAt']), set(['trafficCycleMinutes'], minutes)];
    await this.update(`release#${executionId}`, updates, true);
  }
}

const blockedKey = (stage: GateStage): string => `blocked#${stage}`;

const breakGlassKey = (writing: string): string => `break-glass#${writing}`;
