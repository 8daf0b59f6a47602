import type { FreezeConfig } from '../../lib/gate/checks/freeze';
import type { GateConfig } from '../../lib/gate/config';
import type { RolloutPlan } from '../../lib/plan/rollout-plan';
import { FREEZE, gateConfigOf } from '../e2e/local-gate';
import { planByHand, REGIONS } from '../e2e/plan';

/** The regions of a race, in the order of their waves. */
export const RACED_REGIONS = REGIONS.slice(0, 2);

/** The only function of each region. */
export const FUNCTION = 'http';

/**
 * The smallest plan with everything that can race: a canary in two regions, two waves in steps, one function. It has no
 * staging, which no two releases share with production.
 */
export function planOfRaces(): RolloutPlan {
  const { environments, rollouts, ...rest } = planByHand({
    canary: 2,
    step: 1,
    bakes: [1, 1],
    regions: RACED_REGIONS,
    keys: [FUNCTION],
  });
  const { staging: _environment, ...production } = environments;
  const { staging: _rollout, canary, ...waves } = rollouts;
  return { ...rest, environments: production, rollouts: { canary: { ...canary, after: [] }, ...waves } };
}

/** The smallest gate that can block: its checks take calls, its result takes none. */
export function gateOfRaces(plan: RolloutPlan): GateConfig {
  const stages = ['Canary', 'Production'] as const;
  const freeze: FreezeConfig = { kind: 'FREEZE', name: 'freeze', stages, parameters: [FREEZE] };
  const { breakGlass: _breakGlass, ...config } = gateConfigOf(plan);
  return { ...config, checks: [freeze] };
}
