/**
 * What AWS leaves open, or does at its own pace. Each may be switched, and a rollout has to end well under every
 * combination: `DEFAULT_BEHAVIOUR` is what seems likely, not what may be relied on.
 */
export interface Behaviour {
  /** Seconds from the creation of a deployment to its first shift. Undocumented; a few seconds as observed. */
  startSeconds: number;
  /** Seconds from the last shift to the end of a deployment. Undocumented. */
  finishSeconds: number;
  /** Seconds between CodeDeploy's looks at its alarms. 0 stops a deployment in the moment of the alarm. Undocumented. */
  alarmPollSeconds: number;
  /** How a rollback shifts: at once, or in the steps of the configuration of the deployment it undoes. Undocumented. */
  rollbackShift: 'at-once' | 'as-configured';
  /** Whether an alarm in ALARM stops a rollback, too. Undocumented. */
  rollbackHonoursAlarms: boolean;
  /** What becomes of traffic when a group that never had a successful deployment is to roll back. Undocumented. */
  rollbackOfNewGroup: 'stays' | 'returns';
  /** What `StopDeployment` answers. Both are documented, when which is not. */
  stopAnswers: 'Succeeded' | 'Pending';
  /** Seconds until a stop takes effect. Undocumented; only with `stopAnswers: 'Pending'`. */
  stopSeconds: number;
  /**
   * Where a canary or linear deployment between equal versions fails: people report the deployment, the documentation
   * does not say.
   */
  equalVersions: 'deployment-fails' | 'create-refuses';
  /** Whether a deployment fails whose `CurrentVersion` is not what the alias serves. Undocumented. */
  currentVersionChecked: boolean;
  /** In which order `ListDeployments` answers. Undocumented. */
  listOrder: 'newest-first' | 'oldest-first';
  /** Seconds until a new deployment shows in `ListDeployments`. Undocumented. */
  listLagSeconds: number;
  /** Seconds for which `GetAlias` answers what was before the last change. Undocumented. */
  aliasLagSeconds: number;
  /** What `DeleteAlias` says of an alias that is not there. Undocumented. */
  deleteMissingAlias: 'nothing' | 'not-found';
  /** Seconds for which a function is being updated after its code or configuration changed. */
  functionUpdateSeconds: number;
}

export const DEFAULT_BEHAVIOUR: Readonly<Behaviour> = {
  startSeconds: 5,
  finishSeconds: 5,
  alarmPollSeconds: 0,
  rollbackShift: 'at-once',
  rollbackHonoursAlarms: false,
  rollbackOfNewGroup: 'stays',
  stopAnswers: 'Succeeded',
  stopSeconds: 0,
  equalVersions: 'deployment-fails',
  currentVersionChecked: true,
  listOrder: 'newest-first',
  listLagSeconds: 0,
  aliasLagSeconds: 0,
  deleteMissingAlias: 'nothing',
  functionUpdateSeconds: 0,
};
