import { type AppSpec, parseRevision } from './app-spec';
import type { Behaviour } from './behaviour';
import {
  AwsError,
  type Call,
  type Fields,
  list,
  optional,
  type Place,
  page,
  placeKey,
  required,
  structure,
} from './call';
import type { VirtualClock } from './clock';
import type { CloudWatch } from './cloudwatch';
import { alarmConfiguration, autoRollback, NAME, timeRange } from './codedeploy-input';
import { type Deployment, type DeploymentGroup, deploymentInfo, groupInfo, isOver } from './deployment';
import { type DeploymentConfig, predefinedConfig, shiftSteps } from './deployment-config';
import { DeploymentEngine } from './deployment-engine';
import type { Service } from './endpoint';
import type { Lambda } from './lambda';
import { awsJson } from './protocols';

const DESCRIPTION_LIMIT = 256;
const BATCH_LIMIT = 25;
const PAGE_SIZE = 100;

/** CodeDeploy on the Lambda platform. */
export class CodeDeploy implements Service {
  readonly name = 'codedeploy';
  readonly protocol = awsJson('1.1');

  private readonly configs = new Map<string, DeploymentConfig>();
  private readonly applications = new Set<string>();
  private readonly groups = new Map<string, DeploymentGroup>();
  private readonly deployments = new Map<string, Deployment>();
  private readonly engine: DeploymentEngine;

  constructor(
    private readonly clock: VirtualClock,
    lambda: Lambda,
    cloudwatch: CloudWatch,
    private readonly behaviour: Behaviour,
  ) {
    this.engine = new DeploymentEngine(clock, lambda, cloudwatch, behaviour, (of) => this.startRollback(of));
  }

  /** Creates a deployment configuration. */
  addConfig(place: Place, name: string, config: DeploymentConfig): void {
    shiftSteps(config);
    this.configs.set(placeKey(place, name), config);
  }

  /** Creates a deployment group and, if it does not exist, its application. */
  addGroup(group: DeploymentGroup): void {
    this.applications.add(placeKey(group.place, group.application));
    this.groups.set(placeKey(group.place, group.application, group.name), group);
  }

  group(place: Place, application: string, name: string): DeploymentGroup | undefined {
    return this.groups.get(placeKey(place, application, name));
  }

  /** All deployments of a place, oldest first. */
  all(place: Place): Deployment[] {
    return [...this.deployments.values()].filter(
      ({ group }) => group.place.account === place.account && group.place.region === place.region,
    );
  }

  /** Fails a running deployment, as an outage of CodeDeploy or a missing permission would. */
  failDeployment(deployment: Deployment, code: string, message: string): void {
    this.engine.fail(deployment, code, message);
  }

  handle(call: Call): Fields {
    switch (call.operation) {
      case 'CreateDeployment':
        return { deploymentId: this.create(call).id };
      case 'GetDeployment':
        return { deploymentInfo: deploymentInfo(this.existing(call)) };
      case 'BatchGetDeployments':
        return this.batchGet(call);
      case 'ListDeployments':
        return this.list(call);
      case 'StopDeployment':
        return this.stop(call);
      case 'GetDeploymentGroup':
        return { deploymentGroupInfo: groupInfo(this.existingGroup(call)) };
      case 'PutLifecycleEventHookExecutionStatus':
        return this.putHookStatus(call);
      default:
        throw new AwsError('UnknownOperationException', call.operation);
    }
  }

  private create(call: Call): Deployment {
    const { input } = call;
    const group = this.existingGroup(call);
    if (!input.revision) {
      throw new AwsError('RevisionRequiredException', 'revision is required');
    }
    const revision = parseRevision(structure(input, 'revision'));
    const description = optional(input, 'description') ?? '';
    if (description.length > DESCRIPTION_LIMIT) {
      const limit = `at most ${DESCRIPTION_LIMIT} characters`;
      throw new AwsError('DescriptionTooLongException', `${description.length} characters, ${limit}`);
    }
    const config = optional(input, 'deploymentConfigName') ?? group.config;
    const steps = shiftSteps(this.existingConfig(call, config));
    if (
      this.behaviour.equalVersions === 'create-refuses' &&
      steps.length > 1 &&
      revision.currentVersion === revision.targetVersion
    ) {
      throw new AwsError('InvalidRevisionException', 'CurrentVersion and TargetVersion are equal');
    }
    const overridesAlarms = input.overrideAlarmConfiguration !== undefined;
    const deployment = this.make(group, config, revision, 'user', {
      description,
      steps,
      overridesAlarms,
      alarms: overridesAlarms ? alarmConfiguration(structure(input, 'overrideAlarmConfiguration')) : group.alarms,
      autoRollback:
        input.autoRollbackConfiguration === undefined
          ? group.autoRollback
          : autoRollback(structure(input, 'autoRollbackConfiguration')),
    });
    if (group.active) {
      throw new AwsError(
        'DeploymentLimitExceededException',
        `The Deployment Group '${group.name}' already has an active Deployment '${group.active.id}'`,
      );
    }
    return this.register(deployment);
  }

  /** Starts a rollback: a new deployment of the group's last successful revision. */
  private startRollback(of: Deployment): Deployment | undefined {
    const { group } = of;
    const last = group.lastSuccessful;
    if (!last) {
      return undefined;
    }
    const asConfigured = this.behaviour.rollbackShift === 'as-configured';
    const deployment = this.make(
      group,
      of.config,
      { ...last.revision, afterAllowTraffic: undefined },
      'codeDeployRollback',
      {
        description: `Rollback of ${of.id}`,
        steps: asConfigured ? of.steps : [{ minutes: 0, percentage: 100 }],
        overridesAlarms: of.overridesAlarms,
        alarms: of.alarms,
        autoRollback: of.autoRollback,
      },
    );
    deployment.rollback = {
      rollbackTriggeringDeploymentId: of.id,
      rollbackMessage: `Deployment ${of.id} is rolled back to that of deployment ${last.id}`,
    };
    return this.register(deployment);
  }

  private make(
    group: DeploymentGroup,
    config: string,
    revision: AppSpec,
    creator: Deployment['creator'],
    rest: Pick<Deployment, 'description' | 'steps' | 'overridesAlarms' | 'alarms' | 'autoRollback'>,
  ): Deployment {
    const id = `d-${(this.deployments.size + 1).toString(36).toUpperCase().padStart(9, '0')}`;
    const createdAt = this.clock.now();
    return {
      id,
      group,
      config,
      revision,
      creator,
      ...rest,
      createdAt,
      status: 'Created',
      hooks: new Map(),
      cancel: [],
    };
  }

  private register(deployment: Deployment): Deployment {
    this.deployments.set(deployment.id, deployment);
    this.engine.start(deployment);
    return deployment;
  }

  private stop(call: Call): Fields {
    const deployment = this.existing(call);
    if (isOver(deployment)) {
      throw new AwsError('DeploymentAlreadyCompletedException', `Deployment ${deployment.id} is ${deployment.status}`);
    }
    const requested = call.input.autoRollbackEnabled;
    const { enabled, events } = deployment.autoRollback;
    const configured = enabled && events.includes('DEPLOYMENT_STOP_ON_REQUEST');
    this.engine.stop(deployment, typeof requested === 'boolean' ? requested : configured);
    const status = this.behaviour.stopAnswers;
    return { status, statusMessage: status === 'Succeeded' ? 'Deployment stopped' : 'Deployment is being stopped' };
  }

  private batchGet(call: Call): Fields {
    const ids = list(call.input, 'deploymentIds').map(String);
    if (ids.length === 0) {
      throw new AwsError('DeploymentIdRequiredException', 'deploymentIds is required');
    }
    if (ids.length > BATCH_LIMIT) {
      throw new AwsError('BatchLimitExceededException', `${ids.length} deployments, at most ${BATCH_LIMIT}`);
    }
    const found = this.all(call).filter(({ id }) => ids.includes(id));
    return { deploymentsInfo: found.map(deploymentInfo) };
  }

  private list(call: Call): Fields {
    const { input } = call;
    const group = input.applicationName === undefined ? undefined : this.existingGroup(call);
    const statuses = list(input, 'includeOnlyStatuses').map(String);
    const { start, end } = timeRange(input);
    const visibleUntil = this.clock.now() - this.behaviour.listLagSeconds * 1000;
    const found = this.all(call)
      .filter((deployment) => !group || deployment.group === group)
      .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
      .filter(({ createdAt }) => createdAt >= start && createdAt <= end && createdAt <= visibleUntil);
    const ordered = this.behaviour.listOrder === 'newest-first' ? found.reverse() : found;
    const { items, next } = page(ordered, optional(input, 'nextToken'), PAGE_SIZE);
    return { deployments: items.map(({ id }) => id), nextToken: next };
  }

  private putHookStatus(call: Call): Fields {
    const deployment = this.existing(call);
    const id = required(call.input, 'lifecycleEventHookExecutionId', 'InvalidLifecycleEventHookExecutionIdException');
    const { status } = call.input;
    if (status !== 'Succeeded' && status !== 'Failed') {
      throw new AwsError('InvalidLifecycleEventHookExecutionStatusException', `${status} is not Succeeded or Failed`);
    }
    const hook = deployment.hooks.get(id);
    if (!hook) {
      throw id.startsWith(deployment.id)
        ? new AwsError('LifecycleEventAlreadyCompletedException', `${id} is over`)
        : new AwsError('InvalidLifecycleEventHookExecutionIdException', `${id} is none of ${deployment.id}`);
    }
    hook(status);
    return { lifecycleEventHookExecutionId: id };
  }

  private existing(call: Call): Deployment {
    const id = required(call.input, 'deploymentId', 'DeploymentIdRequiredException');
    if (!/^d-[A-Z0-9]{9}$/.test(id)) {
      throw new AwsError('InvalidDeploymentIdException', `${id} is not the id of a deployment`);
    }
    const found = this.all(call).find((deployment) => deployment.id === id);
    if (!found) {
      throw new AwsError('DeploymentDoesNotExistException', `The deployment ${id} could not be found`);
    }
    return found;
  }

  private existingGroup(call: Call): DeploymentGroup {
    const application = required(call.input, 'applicationName', 'ApplicationNameRequiredException');
    if (!NAME.test(application)) {
      throw new AwsError('InvalidApplicationNameException', `${application} is not the name of an application`);
    }
    if (!this.applications.has(placeKey(call, application))) {
      throw new AwsError('ApplicationDoesNotExistException', `No application found for name: ${application}`);
    }
    const name = required(call.input, 'deploymentGroupName', 'DeploymentGroupNameRequiredException');
    const found = this.group(call, application, name);
    if (!found) {
      throw new AwsError('DeploymentGroupDoesNotExistException', `No Deployment Group found for name: ${name}`);
    }
    return found;
  }

  private existingConfig(place: Place, name: string): DeploymentConfig {
    if (!NAME.test(name)) {
      throw new AwsError('InvalidDeploymentConfigNameException', `${name} is not the name of a configuration`);
    }
    const found = predefinedConfig(name) ?? this.configs.get(placeKey(place, name));
    if (!found) {
      throw new AwsError(
        'DeploymentConfigDoesNotExistException',
        `No deployment configuration found for name: ${name}`,
      );
    }
    return found;
  }
}
