import type { Behaviour } from './behaviour';
import { AwsError, type Place } from './call';
import type { VirtualClock } from './clock';
import type { CloudWatch } from './cloudwatch';
import { type Deployment, type DeploymentStatus, isOver, type RollbackEvent } from './deployment';
import type { Lambda } from './lambda';
import type { LambdaFunction } from './lambda-function';

/** Longest time of a hook (CodeDeploy quotas). */
const HOOK_SECONDS = 3_600;

/** Creates and starts a new deployment that undoes a failed one. */
export type StartRollback = (of: Deployment) => Deployment | undefined;

/** Runs deployments on the virtual clock: shifts aliases, checks alarms, invokes hooks, rolls back. */
export class DeploymentEngine {
  private readonly running = new Set<Deployment>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly lambda: Lambda,
    private readonly cloudwatch: CloudWatch,
    private readonly behaviour: Behaviour,
    private readonly startRollback: StartRollback,
  ) {
    cloudwatch.onChange((place, alarm) => this.alarmChanged(place, alarm.name));
  }

  /** Starts a deployment that was just created. */
  start(deployment: Deployment): void {
    deployment.group.active = deployment;
    deployment.group.lastAttempted = deployment;
    this.running.add(deployment);
    this.schedule(deployment, this.behaviour.startSeconds, () => this.begin(deployment));
  }

  /** Stops a deployment on request. */
  stop(deployment: Deployment, rollback: boolean): void {
    const error = { code: 'MANUAL_STOP', message: 'The deployment was stopped on request.' };
    const stop = (): void => this.end(deployment, 'Stopped', error, rollback ? 'always' : undefined);
    if (this.behaviour.stopAnswers === 'Pending' && this.behaviour.stopSeconds > 0) {
      this.schedule(deployment, this.behaviour.stopSeconds, stop);
    } else {
      stop();
    }
  }

  /** Fails a deployment from outside: tests use it for errors that are not modelled. */
  fail(deployment: Deployment, code: string, message: string): void {
    this.end(deployment, code === 'ALARM_ACTIVE' ? 'Stopped' : 'Failed', { code, message }, 'DEPLOYMENT_FAILURE');
  }

  private async begin(deployment: Deployment): Promise<void> {
    const { functionName, alias, currentVersion, targetVersion, beforeAllowTraffic } = deployment.revision;
    deployment.status = 'InProgress';
    deployment.startedAt = this.clock.now();
    const found = this.lambda.find(deployment.group.place, functionName);
    const served = found?.aliases.get(alias);
    const needed = deployment.creator === 'user' ? [currentVersion, targetVersion] : [targetVersion];
    if (!found || !served || needed.some((version) => !found.versions.has(version))) {
      const what = `${functionName}:${alias}, versions ${currentVersion} and ${targetVersion}`;
      this.fail(deployment, 'INVALID_LAMBDA_FUNCTION', `The function, its alias, or a version is missing: ${what}`);
      return;
    }
    const split = Object.values(served.weights).some((weight) => weight > 0);
    const unexpected = this.behaviour.currentVersionChecked && served.version !== currentVersion;
    if (deployment.creator === 'user' && (split || unexpected)) {
      const state = JSON.stringify(found.shares(alias));
      const why = `The alias ${alias} serves ${state}, not ${currentVersion} alone, which the AppSpec has as CurrentVersion`;
      this.fail(deployment, 'INVALID_LAMBDA_CONFIGURATION', why);
      return;
    }
    if (currentVersion === targetVersion && deployment.steps.length > 1 && deployment.creator === 'user') {
      const why =
        'The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration is missing or has an invalid configuration.';
      this.fail(deployment, 'INVALID_LAMBDA_CONFIGURATION', why);
      return;
    }
    if (this.stoppedByAlarm(deployment)) {
      return;
    }
    await this.hook(deployment, 'BeforeAllowTraffic', beforeAllowTraffic, () => this.shift(deployment, found));
  }

  private shift(deployment: Deployment, found: LambdaFunction): void {
    const [first, ...rest] = deployment.steps;
    for (const { minutes, percentage } of rest) {
      this.schedule(deployment, minutes * 60, () => this.route(deployment, found, percentage));
    }
    const { throttledPollSeconds } = this.behaviour;
    if (throttledPollSeconds > 0) {
      this.schedule(deployment, throttledPollSeconds, () => {
        this.stoppedByAlarm(deployment, () => undefined);
      });
    }
    this.route(deployment, found, first.percentage);
  }

  private route(deployment: Deployment, found: LambdaFunction, percentage: number): void {
    const { alias, targetVersion } = deployment.revision;
    const main = found.aliases.get(alias)?.version ?? targetVersion;
    const partly = percentage < 100 && main !== targetVersion;
    try {
      found.setAlias(alias, partly ? main : targetVersion, partly ? { [targetVersion]: percentage / 100 } : {});
    } catch (error) {
      this.fail(deployment, 'INVALID_LAMBDA_CONFIGURATION', error instanceof AwsError ? error.message : String(error));
      return;
    }
    if (!partly) {
      // The same holds for a rollback in steps if the alias mainly serves its target: nothing is left to shift.
      this.cancelSteps(deployment);
      this.schedule(deployment, this.behaviour.finishSeconds, () =>
        this.hook(deployment, 'AfterAllowTraffic', deployment.revision.afterAllowTraffic, () =>
          this.end(deployment, 'Succeeded'),
        ),
      );
    }
  }

  /** Invokes a hook, if there is one, and continues when its function has reported success. */
  private async hook(
    deployment: Deployment,
    event: string,
    functionName: string | undefined,
    next: () => void,
  ): Promise<void> {
    if (functionName === undefined) {
      next();
      return;
    }
    const id = `${deployment.id}-${event}`;
    const failed = (why: string): void => {
      const message = `The deployment failed because the lifecycle event hook ${functionName} ${why}`;
      this.end(deployment, 'Failed', { code: 'HOOK_EXECUTION_FAILURE', message }, 'DEPLOYMENT_FAILURE');
    };
    deployment.hooks.set(id, (status) => {
      deployment.hooks.delete(id);
      if (!isOver(deployment)) {
        status === 'Succeeded' ? next() : failed('reported Failed');
      }
    });
    const invocation = this.lambda.invocation(deployment.group.place, functionName);
    try {
      if (!invocation) {
        throw new Error(`There is no function ${functionName}`);
      }
      await invocation({ DeploymentId: deployment.id, LifecycleEventHookExecutionId: id });
    } catch (error) {
      deployment.hooks.delete(id);
      failed(`could not be run: ${error}`);
      return;
    }
    if (deployment.hooks.has(id)) {
      this.schedule(deployment, HOOK_SECONDS, () => failed('did not report within an hour'));
    }
  }

  private alarmChanged(place: Place, alarm: string): void {
    for (const deployment of this.running) {
      const { group, alarms } = deployment;
      const here = group.place.account === place.account && group.place.region === place.region;
      if (here && deployment.status === 'InProgress' && alarms.alarms.includes(alarm)) {
        if (this.behaviour.alarmPollSeconds === 0) {
          this.stoppedByAlarm(deployment);
        } else {
          this.schedule(deployment, this.behaviour.alarmPollSeconds, () => {
            this.stoppedByAlarm(deployment);
          });
        }
      }
    }
  }

  /** Reads the deployment's alarms. Stops it when one is in ALARM, or cannot be read and that counts. */
  private stoppedByAlarm(
    deployment: Deployment,
    read = (name: string) => this.cloudwatch.alarm(deployment.group.place, name)?.state,
  ): boolean {
    const { alarms } = deployment;
    const immune = deployment.creator === 'codeDeployRollback' && !this.behaviour.rollbackHonoursAlarms;
    if (!alarms.enabled || immune || isOver(deployment)) {
      return false;
    }
    const states = alarms.alarms.map((name) => ({ name, state: read(name) }));
    const active = states.filter(({ state }) => state === 'ALARM').map(({ name }) => name);
    const unread = states.filter(({ state }) => state === undefined).map(({ name }) => name);
    const bad = [...active, ...(alarms.ignorePollAlarmFailure ? [] : unread)];
    if (bad.length === 0) {
      return false;
    }
    const message =
      'One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected ' +
      `deployments have been stopped. Activated alarms: <${bad.join(', ')}>`;
    this.end(deployment, 'Stopped', { code: 'ALARM_ACTIVE', message }, 'DEPLOYMENT_STOP_ON_ALARM');
    return true;
  }

  private end(
    deployment: Deployment,
    status: DeploymentStatus,
    error?: { readonly code: string; readonly message: string },
    rollbackFor?: RollbackEvent | 'always',
  ): void {
    if (isOver(deployment)) {
      return;
    }
    deployment.status = status;
    deployment.error = error;
    deployment.completedAt = this.clock.now();
    this.cancelSteps(deployment);
    deployment.hooks.clear();
    this.running.delete(deployment);
    deployment.group.active = undefined;
    if (status === 'Succeeded') {
      deployment.group.lastSuccessful = deployment;
    }
    const { enabled, events } = deployment.autoRollback;
    if (rollbackFor === 'always' || (rollbackFor && enabled && events.includes(rollbackFor))) {
      this.rollback(deployment);
    }
  }

  private rollback(deployment: Deployment): void {
    if (deployment.creator === 'codeDeployRollback') {
      return;
    }
    const started = this.startRollback(deployment);
    if (started) {
      const rollbackMessage = `Rolled back by deployment ${started.id}`;
      deployment.rollback = { rollbackDeploymentId: started.id, rollbackMessage };
      return;
    }
    deployment.rollback = { rollbackMessage: 'The group has no successful deployment to roll back to' };
    const { functionName, alias, currentVersion } = deployment.revision;
    const found = this.lambda.find(deployment.group.place, functionName);
    if (this.behaviour.rollbackOfNewGroup === 'returns' && found?.aliases.has(alias)) {
      found.setAlias(alias, currentVersion);
    }
  }

  private cancelSteps(deployment: Deployment): void {
    for (const cancel of deployment.cancel.splice(0)) {
      cancel();
    }
  }

  private schedule(deployment: Deployment, seconds: number, action: () => Promise<void> | void): void {
    deployment.cancel.push(this.clock.after(seconds, action));
  }
}
