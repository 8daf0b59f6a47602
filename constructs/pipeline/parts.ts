import { Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Environment } from '../environment/environment';
import { type Environments, environmentRoleArn } from '../environment/environments';
import { Gate } from '../gate/gate';
import { Deadlines } from '../ledger/deadlines';
import { HeldTransitions } from '../ledger/held-transitions';
import { Ledger } from '../ledger/ledger';
import { publishPipeline } from '../ledger/pipeline-parameter';
import { TeamTopic } from '../messages/team-topic';
import { Undelivered } from '../messages/undelivered';
import type { Microservice } from '../microservice/microservice';
import { MicroserviceStage } from '../microservice/microservice-stage';
import { printRollbackCommand } from '../rollback/rollback-command';
import { SafetyNet } from '../rollback/safety-net';
import { RolloutMachine, rolloutMachineArn } from '../rollout/rollout-machine';
import { NamedStagePipeline } from './named-stage-pipeline';
import { bindGate } from './plan-gate';
import { type PlannedEnvironment, planRollouts } from './plan-rollouts';
import type { ResolvedPipeline } from './resolve';

/** Constructs that the stages of a pipeline are made of. */
export interface Parts {
  readonly staging: PlannedEnvironment;
  readonly production: readonly PlannedEnvironment[];
  /** The pipeline, still without stages. */
  readonly pipeline: codepipeline.Pipeline;
  readonly topic: sns.ITopic;
  readonly transitions: HeldTransitions;
  readonly ledger: Ledger;
  readonly machine: StateMachine;
  readonly gate: Gate;
}

/** Creates everything but the stages: environments, empty pipeline, ledger, rollout machine, safety net, gate. */
export function createParts(scope: Construct, resolved: ResolvedPipeline): Parts {
  const { digest } = resolved;
  const { service } = digest;
  const { staging, production } = createEnvironments(scope, resolved.microservice, resolved.environments);
  const plan = planRollouts(digest, [staging, ...production]);
  const pipeline = emptyPipeline(scope, resolved, { staging, production });
  const transitions = new HeldTransitions({
    pipelineName: service,
    pipelineArn: Stack.of(scope).formatArn({ service: 'codepipeline', resource: service }),
    // UpdatePipeline too: an update of the pipeline ends the executions that run.
    stages: resolved.engine.selfMutation === false ? ['Canary'] : ['UpdatePipeline', 'Canary'],
  });
  const team = new TeamTopic(scope, 'Team', { service, topic: resolved.topic });
  const { topic } = team;
  const undelivered = new Undelivered(scope, 'Undelivered', { service, topic }).queue;
  const machineArn = rolloutMachineArn(scope, service);
  const deadlines = new Deadlines(scope, 'Deadlines', { service, machineArn, undelivered });
  const ledger = new Ledger(scope, 'Ledger', { service, transitions, schedule: resolved.schedule, team, deadlines });
  const { table } = ledger;
  const { machine } = new RolloutMachine(scope, 'Rollout', { plan, table, transitions, team, deadlines });
  new SafetyNet(scope, 'SafetyNet', { service, pipelineName: service, machine, undelivered });
  printRollbackCommand(scope, service, machine);
  publishPipeline(scope, { topology: digest, table: table.tableName, stages: transitions.stages });
  const gate = new Gate(scope, 'Gate', {
    checks: bindGate(resolved.gate, plan),
    breakGlass: resolved.gate.breakGlass,
    digest,
    pipelineName: service,
    pipelineArn: transitions.pipelineArn,
    dashboard: resolved.gate.dashboard,
    table,
    clock: ledger.clock,
    team,
  });
  return { staging, production, pipeline, topic, transitions, ledger, machine, gate };
}

/** Creates the microservice in every environment. */
function createEnvironments(
  scope: Construct,
  microservice: Microservice,
  { staging, production }: Environments,
): Pick<Parts, 'staging' | 'production'> {
  const create = (environment: Environment): PlannedEnvironment => ({
    stage: new MicroserviceStage(scope, microservice, environment),
    roleArn: environmentRoleArn(environment),
  });
  return { staging: create(staging), production: production.map(create) };
}

function emptyPipeline(
  scope: Construct,
  { digest: { service }, engine: { pipelineType } }: ResolvedPipeline,
  { staging, production }: Pick<Parts, 'staging' | 'production'>,
): NamedStagePipeline {
  return new NamedStagePipeline(scope, 'Pipeline', {
    pipelineName: service,
    pipelineType,
    // V1 has no other mode.
    executionMode: pipelineType === codepipeline.PipelineType.V2 ? codepipeline.ExecutionMode.SUPERSEDED : undefined,
    // The artifacts are encrypted with a key that the environments' accounts may use.
    crossAccountKeys: true,
    // Shared ones would belong to the pipeline that the app creates first, and would be replaced when that is removed.
    reuseCrossRegionSupportStacks: false,
    enableKeyRotation: true,
    restartExecutionOnUpdate: true,
    stageNames: {
      [staging.stage.stageName]: 'Staging',
      ...(production.length === 1 && { [production[0].stage.stageName]: 'Canary' as const }),
    },
  });
}
