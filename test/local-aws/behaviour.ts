/**
 * Behaviour that AWS leaves undefined, or timing of its own. Each member may be switched, and a rollout must end well
 * under every combination. `DEFAULT_BEHAVIOUR` is what seems likely, and nothing may rely on it.
 */
export interface Behaviour {
  /** Seconds from the creation of a deployment to its first shift. Undocumented; a few seconds as observed. */
  startSeconds: number;
  /** Seconds from the last shift to the end of a deployment. Undocumented. */
  finishSeconds: number;
  /**
   * Seconds between CodeDeploy's checks of its alarms. 0 stops a deployment in the moment of the alarm. Undocumented.
   */
  alarmPollSeconds: number;
  /** Seconds after the first shift at which CloudWatch throttles CodeDeploy's own read of the alarms, once. 0: never. */
  throttledPollSeconds: number;
  /**
   * Shift of a rollback: at once, or in the steps of the configuration of the deployment that it undoes. Undocumented.
   */
  rollbackShift: 'at-once' | 'as-configured';
  /** True if an alarm in ALARM also stops a rollback. Undocumented. */
  rollbackHonoursAlarms: boolean;
  /** Effect on traffic of a rollback in a group that never had a successful deployment. Undocumented. */
  rollbackOfNewGroup: 'stays' | 'returns';
  /** Answer of `StopDeployment`. Both values are documented, their conditions are not. */
  stopAnswers: 'Succeeded' | 'Pending';
  /** Seconds until a stop takes effect. Undocumented; only with `stopAnswers: 'Pending'`. */
  stopSeconds: number;
  /**
   * Place where a canary or linear deployment between equal versions fails. People report the deployment; the
   * documentation is silent.
   */
  equalVersions: 'deployment-fails' | 'create-refuses';
  /**
   * True if a deployment fails when its `CurrentVersion` differs from the version that the alias serves. Undocumented.
   */
  currentVersionChecked: boolean;
  /** Order of `ListDeployments`. Undocumented. */
  listOrder: 'newest-first' | 'oldest-first';
  /** Seconds until a new deployment shows in `ListDeployments`. Undocumented. */
  listLagSeconds: number;
  /** Seconds for which `GetAlias` returns the state before the last change. Undocumented. */
  aliasLagSeconds: number;
  /** Answer of `DeleteAlias` for an alias that does not exist. Undocumented. */
  deleteMissingAlias: 'nothing' | 'not-found';
  /** Seconds for which a function is in update after its code or configuration changed. */
  functionUpdateSeconds: number;
}

export const DEFAULT_BEHAVIOUR: Readonly<Behaviour> = {
  startSeconds: 5,
  finishSeconds: 5,
  alarmPollSeconds: 0,
  throttledPollSeconds: 0,
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
