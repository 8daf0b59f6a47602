/** A deployment configuration of the Lambda platform. */
export type DeploymentConfig =
  | { readonly type: 'AllAtOnce' }
  | { readonly type: 'TimeBasedCanary' | 'TimeBasedLinear'; readonly percentage: number; readonly minutes: number };

/** One step of a shift: this percentage goes to the target so many minutes after the first step. */
export interface ShiftStep {
  readonly minutes: number;
  readonly percentage: number;
}

/** Longest time from the first shift to the last (CodeDeploy quotas). */
const SHIFT_LIMIT_MINUTES = 2_880;
/** Whether a canary may take exactly the limit is not documented: here it may not. */
const CANARY_LIMIT_MINUTES = SHIFT_LIMIT_MINUTES - 1;

const PREDEFINED: { readonly [name: string]: DeploymentConfig } = {
  'CodeDeployDefault.LambdaAllAtOnce': { type: 'AllAtOnce' },
  ...Object.fromEntries(
    [5, 10, 15, 30].map((minutes) => [
      `CodeDeployDefault.LambdaCanary10Percent${minutes}Minutes`,
      { type: 'TimeBasedCanary', percentage: 10, minutes },
    ]),
  ),
  ...Object.fromEntries(
    [1, 2, 3, 10].map((minutes) => [
      `CodeDeployDefault.LambdaLinear10PercentEvery${minutes}Minute${minutes === 1 ? '' : 's'}`,
      { type: 'TimeBasedLinear', percentage: 10, minutes },
    ]),
  ),
};

/** Reads one of CodeDeploy's predefined configurations. */
export const predefinedConfig = (name: string): DeploymentConfig | undefined => PREDEFINED[name];

/** Reads a configuration with a name by value, such as `orders-canary-08pct-2870m`, as this library names them. */
export function configNamedByValue(name: string): DeploymentConfig | undefined {
  const match = /(canary|linear)-(\d+)pct-(\d+)m$/.exec(name);
  return match
    ? {
        type: match[1] === 'canary' ? 'TimeBasedCanary' : 'TimeBasedLinear',
        percentage: Number(match[2]),
        minutes: Number(match[3]),
      }
    : undefined;
}

/** Lists the steps of a configuration. Refuses a configuration that CodeDeploy would not create. */
export function shiftSteps(config: DeploymentConfig): readonly ShiftStep[] {
  if (config.type === 'AllAtOnce') {
    return [{ minutes: 0, percentage: 100 }];
  }
  const { percentage, minutes } = config;
  const steps: ShiftStep[] =
    config.type === 'TimeBasedCanary'
      ? [
          { minutes: 0, percentage },
          { minutes, percentage: 100 },
        ]
      : Array.from({ length: Math.ceil(100 / percentage) }, (_, at) => ({
          minutes: at * minutes,
          percentage: Math.min(100, (at + 1) * percentage),
        }));
  const total = steps.at(-1)?.minutes ?? 0;
  if (
    !Number.isInteger(percentage) ||
    percentage < 1 ||
    percentage > 99 ||
    minutes < 1 ||
    total > (config.type === 'TimeBasedCanary' ? CANARY_LIMIT_MINUTES : SHIFT_LIMIT_MINUTES)
  ) {
    throw new Error(
      `CodeDeploy takes whole percentages from 1 to 99 and at most ${SHIFT_LIMIT_MINUTES} minutes from the first shift ` +
        `to the last: not ${JSON.stringify(config)}`,
    );
  }
  return steps;
}
