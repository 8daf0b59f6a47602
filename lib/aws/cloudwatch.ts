import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { type Environment, perEnvironment } from './environment-clients';
import type { AlarmFacts } from './facts';

/** Maximum names in one call of DescribeAlarms. */
const BATCH = 100;

const cloudWatch = perEnvironment((config) => new CloudWatchClient(config));

/** Reads alarms by name. Those that do not exist are missing in the answer. */
export async function readAlarms(environment: Environment, names: readonly string[]): Promise<readonly AlarmFacts[]> {
  const found: AlarmFacts[] = [];
  for (let start = 0; start < names.length; start += BATCH) {
    const { MetricAlarms, CompositeAlarms } = await cloudWatch(environment).send(
      new DescribeAlarmsCommand({
        AlarmNames: names.slice(start, start + BATCH),
        // Without this CloudWatch leaves composite alarms out.
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: BATCH,
      }),
    );
    // No alarm found is an empty list. A gate that took a lost answer for it would miss alarms in ALARM.
    if (!MetricAlarms && !CompositeAlarms) throw new Error('CloudWatch gave an empty answer about alarms');
    for (const alarm of [...(MetricAlarms ?? []), ...(CompositeAlarms ?? [])]) {
      if (!alarm.AlarmName || !alarm.StateValue) continue;
      found.push({
        name: alarm.AlarmName,
        state: alarm.StateValue,
        stateReason: alarm.StateReason ?? '',
        stateUpdatedAt: alarm.StateUpdatedTimestamp?.toISOString(),
        configuredAt: alarm.AlarmConfigurationUpdatedTimestamp?.toISOString(),
      });
    }
  }
  return found;
}
