import { GATE_ACTION, type GateStage } from '../../../lib/gate/request';
import { RolloutStep } from '../../rollout/rollout-step';
import { LambdaStep } from '../lambda-step';
import type { Parts } from '../parts';

/** Makes the actions that several stages have. */
export class Actions {
  /** @param commit of the release: an output of the source */
  constructor(
    private readonly parts: Pick<Parts, 'machine' | 'gate' | 'ledger'>,
    private readonly commit: string,
  ) {}

  /** Runs a rollout of the plan. */
  rollout(id: string, rollout: string): RolloutStep {
    return new RolloutStep(id, { machine: this.parts.machine, rollout, commit: this.commit });
  }

  /** Lets the release into the stage, or blocks it. */
  gate(stage: GateStage): LambdaStep {
    return new LambdaStep(GATE_ACTION, {
      handler: this.parts.gate.handler,
      commit: this.commit,
      parameters: { stage },
    });
  }

  /**
   * Locks production for the release, or frees it.
   *
   * @param requires rollouts that must have passed
   */
  ledger(id: string, operation: 'acquire' | 'complete', requires: readonly string[] = []): LambdaStep {
    return new LambdaStep(id, {
      handler: this.parts.ledger.handler,
      commit: this.commit,
      parameters: { operation, requires },
    });
  }
}
