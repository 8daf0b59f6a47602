/** Alias that callers attach to. */
export const ALIAS = 'live';

/** CodeDeploy's own configuration that shifts all traffic at once. */
export const ALL_AT_ONCE = 'CodeDeployDefault.LambdaAllAtOnce';
