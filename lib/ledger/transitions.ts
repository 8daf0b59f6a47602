import { fitText } from '../core/fit';
import type { PersonHold } from './items';

/** Marks the transitions that this package has disabled. Within the alphabet that CodePipeline allows in a reason. */
const MARK = '(microservice-deployment-pipeline)';

/** CodePipeline refuses longer reasons. */
const MAX_REASON = 300;

/** The transition into one stage. */
export interface Transition {
  readonly stage: string;
  readonly enabled: boolean;
  /** Why it is disabled, in the words of who disabled it. */
  readonly reason?: string;
  /** The execution that waits in front of the stage. */
  readonly waiting?: string;
  /** The execution that is in the stage. */
  readonly inside?: string;
}

/** The transitions into the stages that are held while a release holds production. */
export interface Transitions {
  /** All of them, in the order of the stages. */
  read(): Promise<readonly Transition[]>;
  disable(stage: string, reason: string): Promise<void>;
  enable(stage: string): Promise<void>;
}

/** Why a transition is disabled while this release holds production: at most 300 of `[a-zA-Z0-9!@ ().*?-]`. */
export function holdReason(executionId: string): string {
  const name = executionId.replace(/[^a-zA-Z0-9-]/g, '-');
  return fitText(name, MAX_REASON, { head: 'held by release ', tail: ` ${MARK}`, mark: '' });
}

/** Why a transition is disabled while a person holds the pipeline by our command: of the same alphabet, as long at most. */
export function personReason({ service, by, reason }: PersonHold): string {
  const tail = ` - until npx deployment-pipeline resume --service ${service} ${MARK}`;
  const words = `held for ${by} - ${reason}`.replace(/[^a-zA-Z0-9!@ ().*?-]+/g, ' ').replace(/ {2,}/g, ' ');
  return fitText(words.trimEnd(), MAX_REASON, { tail, mark: '...' });
}

const OURS = [
  /^held by release [a-zA-Z0-9-]+ \(microservice-deployment-pipeline\)$/,
  /^held for .* - until npx deployment-pipeline resume --service [a-z0-9-]+ \(microservice-deployment-pipeline\)$/,
];

/**
 * Whether it is disabled by us: for a release, or by our command for a person. Which of the two it is for, the ledger
 * says. Whatever a person writes as the reason of theirs is not ours.
 */
export const isOurs = ({ enabled, reason }: Transition): boolean =>
  !enabled && reason !== undefined && OURS.some((ours) => ours.test(reason));

/** Stages whose transition is to be disabled for this reason: not those that a person has disabled, or that have it. */
export function toHold(transitions: readonly Transition[], reason: string): readonly string[] {
  return transitions
    .filter((transition) => transition.enabled || (isOurs(transition) && transition.reason !== reason))
    .map(({ stage }) => stage);
}

/**
 * Stages whose transition is to be enabled again, the last one first. Where a release is about to acquire production, in
 * front of a stage or in it, the stages before stay as they are: what enters UpdatePipeline meanwhile could cut it off.
 *
 * @param last the release that held production last: it takes it no more, even if its stage has not ended yet
 */
export function toReopen(transitions: readonly Transition[], last: string | undefined): readonly string[] {
  const stages: string[] = [];
  for (const transition of [...transitions].reverse()) {
    const { stage, enabled, waiting, inside } = transition;
    const ours = isOurs(transition);
    if (ours) stages.push(stage);
    // Who waits for a person may do so for long.
    const next = [inside, enabled || ours ? waiting : undefined];
    if (next.some((executionId) => executionId !== undefined && executionId !== last)) break;
  }
  return stages;
}
