import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { alarmName } from '../../../lib/plan/names';
import { aliasDimensions, METRICS_NAMESPACE } from '../../../lib/workload/lambda/metrics';
import type { Environment } from '../../environment/environment';
import type { ErrorLimits } from '../../monitoring/error-limits';

/** Names under which metrics show a function's releases. */
export interface WatchedFunction {
  readonly key: string;
  readonly functionName: string;
  readonly aliasName: string;
  readonly candidateVersion: string;
}

export interface LambdaAlarms {
  /** Watches the candidate's own requests: over the alias, an 8 % canary would be diluted twelve times. */
  readonly canary: CfnAlarm;
  /** Watches all requests through the alias. */
  readonly wave: CfnAlarm;
}

const PERIOD_SECONDS = 60;
const PERIODS = 3;
const PERIODS_TO_ALARM = 2;

/** Creates the alarms that stop a rollout of one function. CodeDeploy reads them, with nothing of ours running. */
export function lambdaAlarms(
  scope: Construct,
  environment: Environment,
  watched: WatchedFunction,
  limits: ErrorLimits,
): LambdaAlarms {
  const { key, functionName, aliasName, candidateVersion } = watched;
  const { service, phase } = environment;
  const name = { functionName, alias: aliasName };
  return {
    canary: errorRateAlarm(scope, `${key}.CanaryErrors`, {
      alarmName: alarmName(service, phase, key, 'canary-errors'),
      alarmDescription: `Error rate of the canary of function ${key} of ${service}: in ALARM, the canary is rolled back`,
      dimensions: aliasDimensions(name, candidateVersion),
      percent: limits.canaryErrorRate,
      minimumInvocations: limits.minimumInvocations,
    }),
    wave: errorRateAlarm(scope, `${key}.WaveErrors`, {
      alarmName: alarmName(service, phase, key, 'wave-errors'),
      alarmDescription: `Error rate of function ${key} of ${service}: in ALARM, a wave is rolled back`,
      dimensions: aliasDimensions(name),
      percent: limits.waveErrorRate,
      minimumInvocations: limits.minimumInvocations,
    }),
  };
}

interface ErrorRateAlarmProps {
  readonly alarmName: string;
  readonly alarmDescription: string;
  readonly dimensions: { readonly [name: string]: string };
  readonly percent: number;
  readonly minimumInvocations: number;
}

function errorRateAlarm(scope: Construct, id: string, props: ErrorRateAlarmProps): CfnAlarm {
  const dimensions = Object.entries(props.dimensions).map(([name, value]) => ({ name, value }));
  const sum = (metricName: string) => ({
    metric: { namespace: METRICS_NAMESPACE, metricName, dimensions },
    period: PERIOD_SECONDS,
    stat: 'Sum',
  });
  return new CfnAlarm(scope, id, {
    alarmName: props.alarmName,
    alarmDescription: props.alarmDescription,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: props.percent,
    evaluationPeriods: PERIODS,
    datapointsToAlarm: PERIODS_TO_ALARM,
    // No requests, no errors. An idle function must be able to roll out.
    treatMissingData: 'notBreaching',
    metrics: [
      {
        id: 'rate',
        label: 'Error rate in percent',
        expression: `IF(invocations >= ${props.minimumInvocations}, 100 * FILL(errors, 0) / invocations, 0)`,
        returnData: true,
      },
      { id: 'errors', metricStat: sum('Errors'), returnData: false },
      { id: 'invocations', metricStat: sum('Invocations'), returnData: false },
    ],
  });
}
