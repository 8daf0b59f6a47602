import { Token } from 'aws-cdk-lib';

/** Error rates above which a rollout stops. */
export interface ErrorLimits {
  /** Error rate of a canary, in percent. */
  readonly canaryErrorRate: number;
  /** Error rate of a wave, in percent. */
  readonly waveErrorRate: number;
  /** Invocations that a minute must have to count. */
  readonly minimumInvocations: number;
}

const DEFAULTS: ErrorLimits = { canaryErrorRate: 5, waveErrorRate: 2, minimumInvocations: 5 };

/** Completes the limits with the defaults, and checks them. */
export function errorLimits(given: Partial<ErrorLimits>): ErrorLimits {
  const limits = {
    canaryErrorRate: given.canaryErrorRate ?? DEFAULTS.canaryErrorRate,
    waveErrorRate: given.waveErrorRate ?? DEFAULTS.waveErrorRate,
    minimumInvocations: given.minimumInvocations ?? DEFAULTS.minimumInvocations,
  };
  checkPercentage('canaryErrorRate', limits.canaryErrorRate);
  checkPercentage('waveErrorRate', limits.waveErrorRate);
  const { minimumInvocations } = limits;
  if (
    !Token.isUnresolved(minimumInvocations) &&
    !(Number.isSafeInteger(minimumInvocations) && minimumInvocations >= 1)
  ) {
    throw new Error(
      `minimumInvocations is ${minimumInvocations}, but must be a whole number of at least 1: requests that a minute must have had for its error rate to count`,
    );
  }
  return limits;
}

function checkPercentage(name: string, value: number): void {
  // No error rate exceeds 100 %: an alarm at 100 would never fire.
  if (!Token.isUnresolved(value) && !(value > 0 && value < 100)) {
    throw new Error(
      `${name} is ${value}, but must be above 0 and below 100: the percentage of failed requests above which traffic returns`,
    );
  }
}
