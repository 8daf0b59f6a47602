import type { RolloutTask } from './parse-state';

/**
 * Lists the environments of the waves before this rollout. A person may have returned their traffic, past the ledger
 * and this machine. A release with a split fleet must not go on, let alone complete.
 */
export const earlierWaves = ({ plan, thisRollout }: Pick<RolloutTask, 'plan' | 'thisRollout'>): readonly string[] =>
  thisRollout.after
    .map((name) => plan.rollouts[name])
    .filter(({ kind }) => kind === 'WAVE')
    .flatMap(({ environments }) => Object.keys(environments));
