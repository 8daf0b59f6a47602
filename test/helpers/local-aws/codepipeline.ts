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

/** What a Lambda action was answered. */
export type JobResult =
  | { readonly state: 'waiting' }
  | { readonly state: 'succeeded'; readonly outputVariables: Fields }
  | { readonly state: 'continues'; readonly continuationToken: string }
  | { readonly state: 'failed'; readonly message: string };

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
  private readonly pipelines = new Set<string>();
  private readonly jobs = new Map<string, JobResult>();

  /** Creates an execution, or changes its status. */
  setExecution(place: Place, pipeline: string, executionId: string, status: ExecutionStatus): void {
    this.pipelines.add(placeKey(place, pipeline));
    this.executions.set(placeKey(place, pipeline, executionId), status);
  }

  /**
   * Makes a job of a Lambda action: the event that its function gets.
   *
   * @param continuationToken what the function answered to the job before, when it wanted to be asked again
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
    return {
      pipelineExecution: { pipelineName: pipeline, pipelineVersion: 1, pipelineExecutionId: executionId, status },
    };
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
    for (const name of Object.keys(outputVariables)) {
      if (!/^[A-Za-z0-9@\-_]+$/.test(name)) {
        throw new AwsError('ValidationException', `${name} is not the name of an output variable`);
      }
    }
    this.jobs.set(
      key,
      token === undefined ? { state: 'succeeded', outputVariables } : { state: 'continues', continuationToken: token },
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
