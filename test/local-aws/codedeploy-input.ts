import { AwsError, type Fields, list, optional, structure } from './call';
import type { AlarmConfiguration, AutoRollback, RollbackEvent } from './deployment';

/** Names of applications, groups and configurations. */
export const NAME = /^[A-Za-z0-9+=,.@_-]{1,100}$/;

/** Maximum number of alarms of a deployment (the API's limit). */
const ALARMS_LIMIT = 10;

const EVENTS: readonly string[] = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'];

/** Reads an alarm configuration. Refuses what CodeDeploy refuses. */
export function alarmConfiguration(input: Fields): AlarmConfiguration {
  const alarms = list(input, 'alarms').map((alarm) => optional(alarm as Fields, 'name') ?? '');
  const enabled = input.enabled === true;
  if (alarms.length > ALARMS_LIMIT) {
    throw new AwsError('AlarmsLimitExceededException', `${alarms.length} alarms, at most ${ALARMS_LIMIT}`);
  }
  if (alarms.some((name) => name.length < 1 || name.length > 255) || new Set(alarms).size !== alarms.length) {
    throw new AwsError('InvalidAlarmConfigException', `An alarm without a name, or twice: ${alarms.join(', ')}`);
  }
  if (enabled && alarms.length === 0) {
    throw new AwsError('InvalidAlarmConfigException', 'An enabled alarm configuration has alarms');
  }
  return { enabled, ignorePollAlarmFailure: input.ignorePollAlarmFailure === true, alarms };
}

/** Reads the configuration of an automatic rollback. Refuses what CodeDeploy refuses. */
export function autoRollback(input: Fields): AutoRollback {
  const events = list(input, 'events').map(String);
  const enabled = input.enabled === true;
  if (events.some((event) => !EVENTS.includes(event)) || (enabled && events.length === 0)) {
    throw new AwsError('InvalidAutoRollbackConfigException', `Events ${events.join(', ')} of ${EVENTS.join(', ')}`);
  }
  return { enabled, events: events as RollbackEvent[] };
}

/** Reads the time range of ListDeployments, in milliseconds. */
export function timeRange(input: Fields): { readonly start: number; readonly end: number } {
  const range = structure(input, 'createTimeRange');
  const moment = (member: string, otherwise: number): number => {
    const value = range[member];
    if (value === undefined) {
      return otherwise;
    }
    if (typeof value !== 'number') {
      throw new AwsError('InvalidTimeRangeException', `${member} is a number of seconds, not ${value}`);
    }
    return value * 1000;
  };
  return { start: moment('start', Number.NEGATIVE_INFINITY), end: moment('end', Number.POSITIVE_INFINITY) };
}
