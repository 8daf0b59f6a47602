/** Patience in minutes. After it, an error counts as a failure. */
export const PATIENCE_MINUTES = {
  /** An environment that does not answer, during a rollout. */
  silence: 15,
  /** Hindrances of a rollout's start: another deployment, an alarm that is not OK, a call that fails. */
  start: 15,
  /** Anchor deployments before a rollout. They make progress, but must end. */
  anchor: 45,
  /** CodeDeploy's return of a canary; its speed is not documented. */
  settle: 30,
  /** CodeDeploy, during a rollback. After it, a target is pointed at stable without CodeDeploy. */
  codeDeploy: 5,
  /** A rollback, which lasts longest: nothing comes after it. */
  rollback: 240,
  /** SNS, at the end of a rollout. The rollout ends in the same way if the team cannot be notified. */
  notice: 15,
  /** CodePipeline's transitions, at the end of a release. Production is free already. */
  reopen: 15,
} as const;

/** Minutes after which Lambda ends a handler. Then it does nothing more. */
export const HANDLER_MINUTES = 2;

/**
 * Minutes for which one deployment carries a canary, at most: CodeDeploy's timer ends at 2,870 min, and 50 min are
 * left to end the canary. A longer traffic cycle goes on in another deployment.
 */
export const CANARY_DEPLOYMENT_MINUTES = 2_820;

/** Hours after which a leg of the watch ends, well before its history is full. */
export const LEG_HOURS = 12;

/** Minutes after which an alarm's state counts, although the state is older than the alarm's configuration. */
export const ALARM_SETTLES_MINUTES = 3;

/** Hours after which no deployment still runs: it takes 50 h at most, and its hooks some. */
export const LOOK_BACK_HOURS = 96;
