/** How long we wait for what should come, in minutes. Beyond it, an error counts as a failure. */
export const PATIENCE_MINUTES = {
  /** An environment that does not answer, during a rollout. */
  silence: 15,
  /** What hinders a rollout from starting: another deployment, an alarm that is not OK, a call that fails. */
  start: 15,
  /** Anchor deployments before a rollout: progress, but not for ever. */
  anchor: 45,
  /** CodeDeploy's return of a canary; its speed is not documented. */
  settle: 30,
  /** CodeDeploy, during a rollback: beyond it, a target is pointed at stable without it. */
  codeDeploy: 5,
  /** A rollback goes on longest: nothing comes after it. */
  rollback: 240,
  /** SNS, at the end of a rollout: how it ended does not depend on whether anybody could be told. */
  notice: 15,
  /** CodePipeline's transitions, at the end of a release: production is free already. */
  reopen: 15,
} as const;

/** A handler is ended by Lambda after this time: what it began goes on no longer. */
export const HANDLER_MINUTES = 2;

/**
 * The longest that one deployment carries a canary: CodeDeploy's timer ends at 2,880 min, and an hour is left for ending it.
 * A longer traffic cycle goes on in another deployment.
 */
export const CANARY_DEPLOYMENT_MINUTES = 2_820;

/** A leg of the watch ends after this time, well before its history is full. */
export const LEG_HOURS = 12;

/** An alarm whose state has not been updated since it was configured is believed after this time. */
export const ALARM_SETTLES_MINUTES = 3;
