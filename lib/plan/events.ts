/** Detail types of the events that start a rollback (user guides of CodePipeline and Step Functions). */
export const STAGE_EVENT = 'CodePipeline Stage Execution State Change';
export const PIPELINE_EVENT = 'CodePipeline Pipeline Execution State Change';
export const MACHINE_EVENT = 'Step Functions Execution Status Change';

/**
 * Prefix of the names of the machine's executions that run a rollout. CodePipeline puts it before the id of its action and
 * a hyphen. EventBridge and Scheduler name the executions that roll back, without it.
 */
export const ROLLOUT_EXECUTION = 'rollout-';
