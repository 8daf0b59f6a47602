import { fitText } from '../core/fit';
import type { PersonHold } from './items';

/** Marks the transitions that this package has disabled, in characters that CodePipeline allows in a reason. */
const MARK = '(microservice-deployment-pipeline)';

/** Characters of a reason. CodePipeline refuses more. */
const MAX_REASON = 300;

/** Transition into one stage. */
export interface Transition {
  readonly stage: string;
  readonly enabled: boolean;
  /** Reason why it is disabled, in the words of whoever disabled it. */
  readonly reason?: string;
  /** Execution that waits before the stage. */
  readonly waiting?: string;
  /** Execution in the stage. */
  readonly inside?: string;
}

/** Transitions into the stages that are held while a release holds production. */
export interface Transitions {
  /** Reads all of them, in the order of the stages. */
  read(): Promise<readonly Transition[]>;
  disable(stage: string, reason: string): Promise<void>;
  enable(stage: string): Promise<void>;
}

/** Formats the reason of a transition that a release holds: at most 300 of `[a-zA-Z0-9!@ ().*?-]`. */
export function holdReason(executionId: string): string {
  const name = executionId.replace(/[^a-zA-Z0-9-]/g, '-');
  return fitText(name, MAX_REASON, { head: 'held by release ', tail: ` ${MARK}`, mark: '' });
}

/** Formats the reason of a transition that our command holds for a person: same characters, same limit. */
export function personReason({ service, by, reason }: PersonHold): string {
  const tail = ` - until npx microservice-deployment-pipeline resume --service ${service} ${MARK}`;
  const words = `held for ${by} - ${reason}`.replace(/[^a-zA-Z0-9!@ ().*?-]+/g, ' ').replace(/ {2,}/g, ' ');
  return fitText(words.trimEnd(), MAX_REASON, { tail, mark: '...' });
}

const OURS = [
  /^held by release [a-zA-Z0-9-]+ \(microservice-deployment-pipeline\)$/,
  /^held for .* - until npx microservice-deployment-pipeline resume --service [a-z0-9-]+ \(microservice-deployment-pipeline\)$/,
];

/**
 * Returns true if we have disabled it: for a release, or by our command for a person. The ledger says for which of the
 * two. A reason that a person writes is never ours.
 */
export const isOurs = ({ enabled, reason }: Transition): boolean =>
  !enabled && reason !== undefined && OURS.some((ours) => ours.test(reason));

/**
 * Lists the stages whose transition is to be disabled for this reason. Leaves out those that a person has disabled, and
 * those that have this reason already.
 */
export function toHold(transitions: readonly Transition[], reason: string): readonly string[] {
  return transitions
    .filter((transition) => transition.enabled || (isOurs(transition) && transition.reason !== reason))
    .map(({ stage }) => stage);
}

/**
 * Lists the stages whose transition is to be enabled again, the last one first. If a release is about to acquire
 * production, before a stage or in it, the earlier stages stay disabled. Otherwise a release that enters UpdatePipeline
 * meanwhile could cut it off.
 *
 * @param last the release that held production last. It does not acquire it again, even if its stage has not ended yet
 */
export function toReopen(transitions: readonly Transition[], last: string | undefined): readonly string[] {
  const stages: string[] = [];
  for (const transition of [...transitions].reverse()) {
    const { stage, enabled, waiting, inside } = transition;
    const ours = isOurs(transition);
    if (ours) stages.push(stage);
    // A release that waits for a person may wait for long.
    const next = [inside, enabled || ours ? waiting : undefined];
    if (next.some((executionId) => executionId !== undefined && executionId !== last)) break;
  }
  return stages;
}
