/** Event that a message reports. */
export type MessageKind =
  /** A release has acquired production. */
  | 'STARTED'
  /** A release, or one of its rollouts, may not go on; the block itself moved no traffic. */
  | 'BLOCKED'
  /** A gate blocks the release before its stage. */
  | 'GATED'
  /** A gate lets the release pass, but a budget or evidence comes to its end. */
  | 'WARNED'
  /** A person has overridden a gate. */
  | 'GLASS_BROKEN'
  | 'CANARY_PASSED'
  | 'WAVE_DONE'
  /** All its rollouts have passed: its candidate is the new stable revision. */
  | 'COMPLETED'
  | 'ROLLED_BACK'
  /** A target could not return to stable. */
  | 'ROLLBACK_INCOMPLETE'
  /** The release ended before anything had shifted, and production is free. */
  | 'ABANDONED';

/** Message to a team about a release. */
export interface Message {
  readonly kind: MessageKind;
  readonly service: string;
  /** Execution of the pipeline: the release. */
  readonly executionId: string;
  /** Undefined where it could not be read. */
  readonly commit: string | undefined;
  /** The rollout that the message is about. */
  readonly rollout?: string;
  /** Names of environments, or one name for all of them. */
  readonly where: readonly string[];
  /** Reason, with the measured number and the limit where there are any. */
  readonly why: string;
  /** Link to the release in the console. */
  readonly link: string;
}

/** Title of a kind, and the action that a person takes. */
interface Words {
  readonly title: string;
  readonly toDo: string;
}

export function wordsOf({ kind, rollout }: Pick<Message, 'kind' | 'rollout'>): Words {
  switch (kind) {
    case 'STARTED':
      return { title: 'started', toDo: 'Nothing. Later releases wait until this one has ended.' };
    case 'BLOCKED':
      return {
        title: rollout ? `${rollout} blocked` : 'blocked',
        toDo: 'Read the reason: this block has shifted no traffic. Remove the cause, then retry the stage, or start a new release.',
      };
    case 'GATED':
      return {
        title: `gate of ${rollout ?? 'a stage'} blocks`,
        toDo: 'Nothing, if it can wait: the gate retries it when its checks pass, unless a newer release enters the stage.',
      };
    case 'WARNED':
      return { title: 'warned', toDo: 'Read the reason before it blocks a release. This one goes on.' };
    case 'GLASS_BROKEN':
      return {
        title: `gate of ${rollout ?? 'a stage'} overridden`,
        toDo: 'Resolve the incident. Alarms and rollbacks stay in force.',
      };
    case 'CANARY_PASSED':
      return { title: 'canary passed', toDo: 'Nothing. All regions are back on stable, and the waves follow.' };
    case 'WAVE_DONE':
      return { title: `${rollout ?? 'wave'} done`, toDo: 'Nothing. The shifted targets stay under watch.' };
    case 'COMPLETED':
      return { title: 'completed', toDo: 'Nothing. Its candidate is the new stable revision.' };
    case 'ROLLED_BACK':
      return {
        title: 'rolled back',
        toDo: 'Everything named above serves the stable revision. Fix or revert the commit before the next release.',
      };
    case 'ROLLBACK_INCOMPLETE':
      return {
        title: 'rollback incomplete',
        toDo: 'Act now: the reason names the targets that are not on stable. Remove the cause, then roll back by hand. Production stays held.',
      };
    case 'ABANDONED':
      return { title: 'ended before anything shifted', toDo: 'Nothing. Production is free for the next release.' };
  }
}

/** A message whose link is still to be made. */
export type Notice = Omit<Message, 'link'>;
