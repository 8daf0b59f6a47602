import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { Construct } from 'constructs';
import { GATE_ACTION, type GateStage } from '../../lib/gate/request';
import { scheduleFacts } from '../../lib/plan/schedule-facts';
import { Gate } from '../gate/gate';
import { Deadlines } from '../ledger/deadlines';
import { HeldTransitions } from '../ledger/held-transitions';
import { Ledger } from '../ledger/ledger';
import { publishPipeline } from '../ledger/pipeline-parameter';
import { TeamTopic } from '../messages/team-topic';
import { Undelivered } from '../messages/undelivered';
import { printRollBackCommand } from '../rollback/rollback-command';
import { SafetyNet } from '../rollback/safety-net';
import { RolloutMachine, rolloutMachineArn } from '../rollout/rollout-machine';
import { RolloutStep } from '../rollout/rollout-step';
import { acknowledgePipelineFindings } from './acknowledge';
import { watchAssembly } from './assembly-limits';
import { buildDefaults } from './build-defaults';
import { buildChecks, commandsOf, stagingCheck } from './check-actions';
import { defineEnvironments, type Environments } from './define-environments';
import { LambdaStep } from './lambda-step';
import { NamedStagePipeline } from './named-stage-pipeline';
import { pinnedTools } from './pinned-tools';
import type { MicroserviceDeploymentPipelineProps } from './pipeline-props';
import { planGate } from './plan-gate';
import { CANARY_ROLLOUT, planRollouts, STAGING_ROLLOUT } from './plan-rollouts';
import { claimService, concreteStack, requireProps } from './preconditions';
import { addPushFilters, pipelineTypeFor } from './push-filters';
import { watchQuotas } from './quotas';

/**
 * The one safe path of a microservice to production:
 *
 *     Source → Build → UpdatePipeline → Assets → Staging → Canary → Production
 *
 * In front of Canary and of Production's first wave stands a gate. It lets no release pass while the error budget is spent,
 * or another check says that it must wait; a release that it has blocked is retried by itself.
 *
 * Every release is checked, shifted in staging, observed as a canary in every production region, and then shifted wave by
 * wave. When a deployment fails or an alarm fires in any region, all regions go back to the stable revision.
 */
export class MicroserviceDeploymentPipeline extends Construct {
  /** The pipeline itself. */
  public readonly pipeline: codepipeline.Pipeline;

  /**
   * Where the team is told what becomes of its releases: started, blocked, canary passed, wave done, completed, rolled back,
   * roll back incomplete. Subscribe to it: `pipeline.topic.addSubscription(...)`. People (email, SMS) get a text, programs
   * (SQS, Lambda, HTTP) the same as JSON. It is encrypted with a key of its own, unless it was brought by `props.topic`.
   */
  public readonly topic: sns.ITopic;

  /** Whole percentage of its own traffic that the canary takes in each region. */
  public readonly canaryPercentages: { [region: string]: number };

  public constructor(scope: Construct, id: string, props: MicroserviceDeploymentPipelineProps) {
    super(scope, id);
    requireProps(props);
    const { microservice, checks } = props;
    const builds = { ...pinnedTools(props), codeBuildDefaults: buildDefaults(props.codeBuildDefaults) };
    const stack = concreteStack(this);
    claimService(this, microservice.name);
    watchQuotas(this);
    watchAssembly(this);
    const beforeSynth = buildChecks(checks);
    const afterShift = stagingCheck(checks);
    const install = checks.install ?? ['npm ci'];

    const environments = defineEnvironments(this, props);
    this.canaryPercentages = environments.canaryPercentages;
    const plan = planRollouts({ service: microservice.name, ...environments });

    this.pipeline = this.emptyPipeline(props, environments);
    const transitions = new HeldTransitions({
      pipelineName: microservice.name,
      pipelineArn: stack.formatArn({ service: 'codepipeline', resource: microservice.name }),
      // Into UpdatePipeline too: an update of the pipeline ends the executions that run.
      stages: props.selfMutation === false ? ['Canary'] : ['UpdatePipeline', 'Canary'],
    });
    const service = microservice.name;
    const team = new TeamTopic(this, 'Team', { service, topic: props.topic });
    this.topic = team.topic;
    const undelivered = new Undelivered(this, 'Undelivered', { service, topic: team.topic }).queue;
    const machineArn = rolloutMachineArn(this, service);
    const deadlines = new Deadlines(this, 'Deadlines', { service, machineArn, undelivered });
    const ledger = new Ledger(this, 'Ledger', {
      service,
      transitions,
      schedule: scheduleFacts(plan),
      team,
      deadlines,
    });
    const { machine } = new RolloutMachine(this, 'Rollout', {
      plan,
      table: ledger.table,
      transitions,
      team,
      deadlines,
    });
    new SafetyNet(this, 'SafetyNet', { service, pipelineName: service, machine, undelivered });
    printRollBackCommand(this, microservice.name, machine);
    publishPipeline(this, {
      topology: {
        service: microservice.name,
        pipeline: { account: stack.account, region: stack.region },
        production: environments.production.map(({ stage }) => ({
          account: stage.stack.account,
          region: stage.stack.region,
        })),
      },
      table: ledger.table.tableName,
      stages: transitions.stages,
    });
    const gate = new Gate(this, 'Gate', {
      ...planGate(this, props, environments),
      service,
      pipelineName: service,
      pipelineArn: transitions.pipelineArn,
      production: environments.production.map(({ stage }) => ({
        account: stage.stack.account,
        region: stage.stack.region,
      })),
      dashboard: props.gateDashboard ?? true,
      table: ledger.table,
      clock: ledger.clock,
      team,
    });
    const commit = props.source.sourceAttribute(props.sourceRevision ?? 'CommitId');

    const rolloutStep = (stepId: string, rollout: string) => new RolloutStep(stepId, { machine, rollout, commit });
    const gateStep = (stage: GateStage) =>
      new LambdaStep(GATE_ACTION, { handler: gate.handler, commit, parameters: { stage } });
    const ledgerStep = (stepId: string, operation: 'take' | 'release', requires: string[] = []) =>
      new LambdaStep(stepId, { handler: ledger.handler, commit, parameters: { operation, requires } });

    const synth = new pipelines.ShellStep('Synth', {
      input: props.source,
      commands: commandsOf('synth', props.synth ?? ['npm ci', 'npx --no-install cdk synth']),
      primaryOutputDirectory: 'cdk.out',
    });
    for (const { name, commands } of beforeSynth) {
      synth.addStepDependency(
        new pipelines.ShellStep(name, { input: props.source, installCommands: install, commands }),
      );
    }
    const engine = new pipelines.CodePipeline(this, 'Engine', {
      codePipeline: this.pipeline,
      synth,
      selfMutation: props.selfMutation,
      // A publisher per asset would make every new function a change of the pipeline, which cancels running releases.
      publishAssetsInParallel: false,
      useChangeSets: props.useChangeSets,
      ...builds,
      dockerEnabledForSynth: props.dockerEnabledForSynth,
    });

    const staging = engine.addWave('Staging');
    staging.addStage(environments.staging.stage);
    const shift = rolloutStep('Shift', STAGING_ROLLOUT);
    staging.addPost(shift);
    if (afterShift) {
      const tests = new pipelines.ShellStep(afterShift.name, {
        input: props.source,
        installCommands: install,
        commands: afterShift.commands,
        envFromCfnOutputs: environments.staging.stage.stack._testVariables,
      });
      tests.addStepDependency(shift);
      staging.addPost(tests);
    }

    const canary = engine.addWave('Canary');
    // The gate first: a release that must wait holds nothing.
    canary.addPre(...pipelines.Step.sequence([gateStep('Canary'), ledgerStep('TakeProduction', 'take')]));
    for (const { stage } of environments.production) {
      canary.addStage(stage);
    }
    canary.addPost(rolloutStep('Canary', CANARY_ROLLOUT));

    const waves = environments.waves.map(({ name }) => name);
    const production = [
      gateStep('Production'),
      ...waves.map((name) => rolloutStep(name, name)),
      // The last wave may start only after the canary and all waves before it have passed.
      ledgerStep('ReleaseProduction', 'release', waves.slice(-1)),
    ];
    engine.addWave('Production').addPre(...pipelines.Step.sequence(production));

    engine.buildPipeline();
    addPushFilters(this.pipeline, props.pushFilters);
    acknowledgePipelineFindings(this, this.pipeline);
  }

  private emptyPipeline(props: MicroserviceDeploymentPipelineProps, environments: Environments) {
    const pipelineType = pipelineTypeFor(props);
    return new NamedStagePipeline(this, 'Pipeline', {
      pipelineName: props.microservice.name,
      pipelineType,
      // V1 knows no other mode.
      executionMode: pipelineType === codepipeline.PipelineType.V2 ? codepipeline.ExecutionMode.SUPERSEDED : undefined,
      // The artifacts are encrypted with a key that the environments' accounts may use.
      crossAccountKeys: true,
      enableKeyRotation: true,
      restartExecutionOnUpdate: true,
      stageNames: {
        [environments.staging.stage.stageName]: 'Staging',
        ...(environments.production.length === 1 && {
          [environments.production[0].stage.stageName]: 'Canary' as const,
        }),
      },
    });
  }
}
