import { AwsError, type Call, type Fields, optional, type Place, placeKey, required, structure } from './call';
import type { Service } from './endpoint';
import { awsJson } from './protocols';

export type ExecutionStatus =
  | 'InProgress'
  | 'Stopping'
  | 'Stopped'
  | 'Succeeded'
  | 'Superseded'
  | 'Failed'
  | 'Cancelled';

/** Result of a job of a Lambda action. */
export type JobResult =
  | { readonly state: 'waiting' }
  | { readonly state: 'succeeded'; readonly outputVariables: Fields; readonly message: string }
  | { readonly state: 'continues'; readonly continuationToken: string }
  | { readonly state: 'failed'; readonly message: string };

/** The transition into a stage. */
export interface LocalTransition {
  enabled: boolean;
  reason?: string;
  /** Newest execution that waits before the stage. */
  waiting?: string;
  /** Execution that is in the stage, or has ended in it. */
  inside?: string;
  /** End of the last action of the gate in the stage, with its virtual time in milliseconds. */
  gate?: { readonly failed: boolean; readonly at: number };
  /** Last execution that has passed the stage, if none is inside. */
  passed?: string;
}

const DEFAULT_STAGES = ['Source', 'Build', 'UpdatePipeline', 'Assets', 'Staging', 'Canary', 'Production'];

const FAILURE_TYPES = [
  'JobFailed',
  'ConfigurationError',
  'PermissionError',
  'RevisionOutOfSync',
  'RevisionUnavailable',
  'SystemUnavailable',
];

/** Executions of pipelines, and the jobs of Lambda actions. */
export class CodePipeline implements Service {
  readonly name = 'codepipeline';
  readonly protocol = awsJson('1.1');

  private readonly executions = new Map<string, ExecutionStatus>();
  /** Target execution by the execution that rolls a stage back to it. */
  private readonly rollbacks = new Map<string, string>();
  private readonly pipelines = new Map<string, Map<string, LocalTransition>>();
  private readonly jobs = new Map<string, JobResult>();
  /** Stages that a call has retried, in order. */
  readonly retried: { readonly stage: string; readonly executionId: string }[] = [];

  /** Creates a pipeline with all transitions enabled. */
  createPipeline(place: Place, pipeline: string, stages: readonly string[] = DEFAULT_STAGES): void {
    const transitions = stages.map((stage): [string, LocalTransition] => [stage, { enabled: true }]);
    this.pipelines.set(placeKey(place, pipeline), new Map(transitions));
  }

  /** The transition into a stage, which a test may read and change. */
  transition(place: Place, pipeline: string, stage: string): LocalTransition {
    const stages = this.pipelines.get(placeKey(place, pipeline));
    if (!stages) {
      throw new AwsError('PipelineNotFoundException', `Account does not have a pipeline with name '${pipeline}'`);
    }
    const transition = stages.get(stage);
    if (!transition) {
      throw new AwsError('StageNotFoundException', `Pipeline '${pipeline}' does not have a stage with name '${stage}'`);
    }
    return transition;
  }

  /** Creates an execution, or changes its status. */
  setExecution(place: Place, pipeline: string, executionId: string, status: ExecutionStatus): void {
    if (!this.pipelines.has(placeKey(place, pipeline))) {
      this.createPipeline(place, pipeline);
    }
    this.executions.set(placeKey(place, pipeline, executionId), status);
  }

  /** Creates an execution that rolls one stage back, as the console does. */
  rollbackStage(place: Place, pipeline: string, executionId: string, target: string): void {
    this.setExecution(place, pipeline, executionId, 'InProgress');
    this.rollbacks.set(placeKey(place, pipeline, executionId), target);
  }

  /**
   * Creates a job of a Lambda action, and the event that its function receives.
   *
   * @param continuationToken token that the function returned for the previous job
   */
  job(
    place: Place,
    functionName: string,
    userParameters: string,
    continuationToken?: string,
  ): { readonly id: string; readonly event: Fields } {
    if (userParameters.length > 1_000) {
      throw new Error(`UserParameters has ${userParameters.length} characters; CodePipeline takes 1,000`);
    }
    const id = `00000000-0000-4000-8000-${String(this.jobs.size + 1).padStart(12, '0')}`;
    this.jobs.set(placeKey(place, id), { state: 'waiting' });
    const configuration = { FunctionName: functionName, UserParameters: userParameters };
    const artifactCredentials = {
      accessKeyId: 'never-log-this',
      secretAccessKey: 'nor-this',
      sessionToken: 'nor-that',
    };
    const artifacts = { inputArtifacts: [], outputArtifacts: [], artifactCredentials };
    const token = continuationToken === undefined ? {} : { continuationToken };
    const data = { actionConfiguration: { configuration }, ...artifacts, ...token };
    return { id, event: { 'CodePipeline.job': { id, accountId: place.account, data } } };
  }

  result(place: Place, id: string): JobResult | undefined {
    return this.jobs.get(placeKey(place, id));
  }

  handle(call: Call): Fields {
    switch (call.operation) {
      case 'GetPipelineExecution':
        return this.getExecution(call);
      case 'GetPipelineState':
        return this.getState(call);
      case 'RetryStageExecution':
        return this.retryStage(call);
      case 'DisableStageTransition':
        return this.disable(call);
      case 'EnableStageTransition':
        return this.enable(call);
      case 'PutJobSuccessResult':
        return this.putSuccess(call);
      case 'PutJobFailureResult':
        return this.putFailure(call);
      default:
        throw new AwsError('UnknownOperationException', call.operation);
    }
  }

  private getExecution(call: Call): Fields {
    const pipeline = required(call.input, 'pipelineName', 'ValidationException');
    const executionId = required(call.input, 'pipelineExecutionId', 'ValidationException');
    const status = this.executions.get(placeKey(call, pipeline, executionId));
    if (!this.pipelines.has(placeKey(call, pipeline))) {
      throw new AwsError('PipelineNotFoundException', `Account does not have a pipeline with name '${pipeline}'`);
    }
    if (!status) {
      throw new AwsError('PipelineExecutionNotFoundException', `No execution ${executionId} of pipeline ${pipeline}`);
    }
    const target = this.rollbacks.get(placeKey(call, pipeline, executionId));
    const type =
      target === undefined
        ? { executionType: 'STANDARD' }
        : { executionType: 'ROLLBACK', rollbackMetadata: { rollbackTargetPipelineExecutionId: target } };
    const ids = { pipelineName: pipeline, pipelineVersion: 1, pipelineExecutionId: executionId };
    return { pipelineExecution: { ...ids, status, ...type } };
  }

  private getState(call: Call): Fields {
    const pipeline = required(call.input, 'name', 'ValidationException');
    const stages = this.pipelines.get(placeKey(call, pipeline));
    if (!stages) {
      throw new AwsError('PipelineNotFoundException', `Account does not have a pipeline with name '${pipeline}'`);
    }
    const latestOf = ({ inside, passed }: LocalTransition): Fields | undefined => {
      if (inside === undefined) return passed === undefined ? undefined : latest(passed, 'Succeeded');
      return latest(inside, this.executions.get(placeKey(call, pipeline, inside)));
    };
    const stageStates = [...stages].map(([stageName, transition]) => {
      const { enabled, reason, waiting } = transition;
      return {
        stageName,
        ...(waiting !== undefined && { inboundExecution: latest(waiting, 'InProgress') }),
        latestExecution: latestOf(transition),
        inboundTransitionState: { enabled, ...(!enabled && { disabledReason: reason }) },
        actionStates: transition.gate ? [gateState(transition.gate)] : [],
      };
    });
    return { pipelineName: pipeline, pipelineVersion: 1, stageStates };
  }

  /** Runs the failed actions of a stage again: only for the latest execution in it, and only if that has failed. */
  private retryStage(call: Call): Fields {
    const pipeline = required(call.input, 'pipelineName', 'ValidationException');
    const stage = required(call.input, 'stageName', 'ValidationException');
    const executionId = required(call.input, 'pipelineExecutionId', 'ValidationException');
    if (!['FAILED_ACTIONS', 'ALL_ACTIONS'].includes(required(call.input, 'retryMode', 'ValidationException'))) {
      throw new AwsError('ValidationException', 'The retry mode is FAILED_ACTIONS or ALL_ACTIONS');
    }
    if (this.transition(call, pipeline, stage).inside !== executionId) {
      throw new AwsError('NotLatestPipelineExecutionException', `${executionId} is not the latest in ${stage}`);
    }
    if (this.executions.get(placeKey(call, pipeline, executionId)) !== 'Failed') {
      throw new AwsError('StageNotRetryableException', `Stage ${stage} has not failed`);
    }
    this.setExecution(call, pipeline, executionId, 'InProgress');
    this.retried.push({ stage, executionId });
    return { pipelineExecutionId: executionId };
  }

  private disable(call: Call): Fields {
    const transition = this.inboundTransition(call);
    const reason = required(call.input, 'reason', 'ValidationException');
    if (reason.length > 300 || !/^[a-zA-Z0-9!@ ().*?-]+$/.test(reason)) {
      throw new AwsError('ValidationException', `The reason has more than 300 or other characters: ${reason}`);
    }
    transition.reason = reason;
    transition.enabled = false;
    return {};
  }

  private enable(call: Call): Fields {
    const transition = this.inboundTransition(call);
    transition.reason = undefined;
    transition.enabled = true;
    return {};
  }

  private inboundTransition(call: Call): LocalTransition {
    const pipeline = required(call.input, 'pipelineName', 'ValidationException');
    const stage = required(call.input, 'stageName', 'ValidationException');
    if (required(call.input, 'transitionType', 'ValidationException') !== 'Inbound') {
      throw new AwsError('ValidationException', 'Only inbound transitions are supported here');
    }
    return this.transition(call, pipeline, stage);
  }

  private putSuccess(call: Call): Fields {
    const key = this.waitingJob(call);
    const token = optional(call.input, 'continuationToken');
    const outputVariables = structure(call.input, 'outputVariables');
    if (token !== undefined && Object.keys(outputVariables).length > 0) {
      throw new AwsError('ValidationException', 'Output variables can only be given without a continuation token');
    }
    if (token !== undefined && (token.length < 1 || token.length > 2_048)) {
      throw new AwsError('ValidationException', `A continuation token has 1–2048 characters, not ${token.length}`);
    }
    const summary = optional(structure(call.input, 'executionDetails'), 'summary') ?? '';
    if (summary.length > 2_048) {
      throw new AwsError('ValidationException', `A summary has at most 2048 characters, not ${summary.length}`);
    }
    for (const name of Object.keys(outputVariables)) {
      if (!/^[A-Za-z0-9@\-_]+$/.test(name)) {
        throw new AwsError('ValidationException', `${name} is not the name of an output variable`);
      }
    }
    this.jobs.set(
      key,
      token === undefined
        ? { state: 'succeeded', outputVariables, message: summary }
        : { state: 'continues', continuationToken: token },
    );
    return {};
  }

  private putFailure(call: Call): Fields {
    const key = this.waitingJob(call);
    const details = structure(call.input, 'failureDetails');
    const message = required(details, 'message', 'ValidationException');
    const type = required(details, 'type', 'ValidationException');
    if (message.length > 5_000 || !FAILURE_TYPES.includes(type)) {
      throw new AwsError('ValidationException', `Message of ${message.length} (at most 5000) characters, type ${type}`);
    }
    this.jobs.set(key, { state: 'failed', message });
    return {};
  }

  private waitingJob(call: Call): string {
    const id = required(call.input, 'jobId', 'ValidationException');
    const key = placeKey(call, id);
    const job = this.jobs.get(key);
    if (!job) {
      throw new AwsError('JobNotFoundException', `Job ${id} was not found`);
    }
    if (job.state !== 'waiting') {
      throw new AwsError('InvalidJobStateException', `Job ${id} is ${job.state}`);
    }
    return key;
  }
}

const gateState = ({ failed, at }: NonNullable<LocalTransition['gate']>): Fields => ({
  actionName: 'Gate',
  latestExecution: { status: failed ? 'Failed' : 'Succeeded', lastStatusChange: at / 1_000 },
});

const latest = (pipelineExecutionId: string, status: ExecutionStatus | undefined): Fields => ({
  pipelineExecutionId,
  status,
});
