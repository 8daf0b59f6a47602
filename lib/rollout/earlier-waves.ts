import type { RolloutTask } from './parse-state';

/**
 * The environments of the waves before this rollout. A person may have returned what those had shifted, past the ledger and
 * this machine, and a release whose fleet is split must not go on, let alone complete.
 */
export const earlierWaves = ({ plan, thisRollout }: Pick<RolloutTask, 'plan' | 'thisRollout'>): readonly string[] =>
  thisRollout.after
    .map((name) => plan.rollouts[name])
    .filter(({ kind }) => kind === 'WAVE')
    .flatMap(({ environments }) => Object.keys(environments));
