/** What a message is about. */
export type MessageKind =
  /** A release has acquired production. */
  | 'STARTED'
  /** A release, or one of its rollouts, may not go on; no traffic was moved for it. */
  | 'BLOCKED'
  /** A gate lets the release not enter its stage now. */
  | 'GATED'
  /** A gate lets the release pass, but something comes to its end. */
  | 'WARNED'
  /** A person has overridden a gate. */
  | 'GLASS_BROKEN'
  | 'CANARY_PASSED'
  | 'WAVE_DONE'
  /** All its rollouts have passed: its candidate is the new stable revision. */
  | 'COMPLETED'
  | 'ROLLED_BACK'
  /** Something could not be brought back to stable. */
  | 'ROLLBACK_INCOMPLETE'
  /** It ended before anything had shifted, and production is free. */
  | 'ABANDONED';

/** What a team is told about a release. */
export interface Message {
  readonly kind: MessageKind;
  readonly service: string;
  /** Execution of the pipeline: the release. */
  readonly executionId: string;
  /** Undefined where it could not be asked for. */
  readonly commit: string | undefined;
  /** The rollout that the message is about. */
  readonly rollout?: string;
  /** Names of environments, or what stands for all of them. */
  readonly where: readonly string[];
  /** With the measured number and the limit, where there are such. */
  readonly why: string;
  /** To the release in the console. */
  readonly link: string;
}

/** How a kind is called, and what a person does about it. */
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
        toDo: 'Look at the reason: nothing was shifted by this. Remove the cause, then retry the stage, or release anew.',
      };
    case 'GATED':
      return {
        title: `gate of ${rollout ?? 'a stage'} blocks`,
        toDo: 'Nothing, if it can wait: it is retried by itself when its checks pass, unless a newer one has come.',
      };
    case 'WARNED':
      return { title: 'warned', toDo: 'Look at the reason before it blocks a release. This one goes on.' };
    case 'GLASS_BROKEN':
      return {
        title: `gate of ${rollout ?? 'a stage'} overridden`,
        toDo: 'Look after the incident. Alarms and roll back are in force as ever.',
      };
    case 'CANARY_PASSED':
      return { title: 'canary passed', toDo: 'Nothing. All regions are back on stable, and the waves follow.' };
    case 'WAVE_DONE':
      return { title: `${rollout ?? 'wave'} done`, toDo: 'Nothing. What has shifted stays under watch.' };
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
        toDo: 'Act now: the reason names what is not on stable. Remove the cause, then roll back by hand. Production stays held.',
      };
    case 'ABANDONED':
      return { title: 'ended before anything shifted', toDo: 'Nothing. Production is free for the next release.' };
  }
}

/** A message whose link is still to be made. */
export type Notice = Omit<Message, 'link'>;
