import { AwsError, type Call, type Fields, list, optional, type Place, page, placeKey, required } from './call';
import type { VirtualClock } from './clock';
import type { Service } from './endpoint';
import { MetricData } from './metric-data';
import { awsJson } from './protocols';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface Alarm {
  readonly name: string;
  readonly state: AlarmState;
  readonly reason: string;
  /** Virtual time, in milliseconds. */
  readonly stateUpdatedAt: number;
  readonly configurationUpdatedAt: number;
}

/** Maximum number of names in one DescribeAlarms, and of alarms in its answer. */
const DESCRIBE_LIMIT = 100;

/** Alarms and metrics of CloudWatch. */
export class CloudWatch implements Service {
  readonly name = 'monitoring';
  readonly protocol = awsJson('1.0');

  private readonly alarms = new Map<string, Alarm>();
  private readonly listeners: ((place: Place, alarm: Alarm) => void)[] = [];

  /** Recorded data of metrics. */
  readonly metrics: MetricData;

  constructor(private readonly clock: VirtualClock) {
    this.metrics = new MetricData(clock);
  }

  /** Called on every change of an alarm's state. */
  onChange(listener: (place: Place, alarm: Alarm) => void): void {
    this.listeners.push(listener);
  }

  /** Creates an alarm without data. An existing alarm keeps its state, as in CloudWatch. */
  put(place: Place, name: string): void {
    const now = this.clock.now();
    const found = this.alarm(place, name);
    this.alarms.set(placeKey(place, name), {
      name,
      state: found?.state ?? 'INSUFFICIENT_DATA',
      reason: found?.reason ?? 'Unchecked: Initial alarm creation',
      stateUpdatedAt: found?.stateUpdatedAt ?? now,
      configurationUpdatedAt: now,
    });
  }

  /** Sets an alarm's state, and creates the alarm if it does not exist. */
  set(place: Place, name: string, state: AlarmState, reason = `set to ${state} by a test`): void {
    if (!this.alarm(place, name)) {
      this.put(place, name);
    }
    const { configurationUpdatedAt } = this.alarm(place, name) as Alarm;
    const alarm = { name, state, reason, stateUpdatedAt: this.clock.now(), configurationUpdatedAt };
    this.alarms.set(placeKey(place, name), alarm);
    for (const listener of this.listeners) {
      listener(place, alarm);
    }
  }

  delete(place: Place, name: string): void {
    this.alarms.delete(placeKey(place, name));
  }

  alarm(place: Place, name: string): Alarm | undefined {
    return this.alarms.get(placeKey(place, name));
  }

  handle(call: Call): Fields {
    switch (call.operation) {
      case 'DescribeAlarms':
        return this.describe(call);
      case 'GetMetricData':
        return this.metrics.get(call);
      case 'PutMetricAlarm':
        this.put(call, required(call.input, 'AlarmName', 'ValidationError'));
        return {};
      case 'SetAlarmState':
        return this.setState(call);
      default:
        throw new AwsError('UnknownOperationException', call.operation);
    }
  }

  private describe(call: Call): Fields {
    const { input } = call;
    const names = list(input, 'AlarmNames').map(String);
    const prefix = optional(input, 'AlarmNamePrefix');
    const state = optional(input, 'StateValue');
    const size = Number(input.MaxRecords ?? DESCRIBE_LIMIT);
    if (names.length > DESCRIBE_LIMIT || size < 1 || size > DESCRIBE_LIMIT || (names.length > 0 && prefix)) {
      throw new AwsError(
        'ValidationError',
        `At most ${DESCRIBE_LIMIT} names (${names.length}), or a prefix (${prefix}), and 1–${DESCRIBE_LIMIT} records (${size})`,
      );
    }
    const here = placeKey(call, '');
    const found = [...this.alarms]
      .filter(([key, alarm]) => key === here + alarm.name)
      .map(([, alarm]) => alarm)
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .filter(({ name }) => !prefix || name.startsWith(prefix))
      .filter((alarm) => !state || alarm.state === state)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, next } = page(found, optional(input, 'NextToken'), size);
    return { MetricAlarms: items.map((alarm) => described(call, alarm)), CompositeAlarms: [], NextToken: next };
  }

  private setState(call: Call): Fields {
    const name = required(call.input, 'AlarmName', 'ValidationError');
    const state = required(call.input, 'StateValue', 'ValidationError');
    const reason = required(call.input, 'StateReason', 'ValidationError');
    if (!this.alarm(call, name)) {
      throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist`, 404);
    }
    if (state !== 'OK' && state !== 'ALARM' && state !== 'INSUFFICIENT_DATA') {
      throw new AwsError('ValidationError', `${state} is not a state of an alarm`);
    }
    this.set(call, name, state, reason);
    return {};
  }
}

const described = (place: Place, alarm: Alarm): Fields => ({
  AlarmName: alarm.name,
  AlarmArn: `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:${alarm.name}`,
  StateValue: alarm.state,
  StateReason: alarm.reason,
  StateUpdatedTimestamp: alarm.stateUpdatedAt / 1000,
  StateTransitionedTimestamp: alarm.stateUpdatedAt / 1000,
  AlarmConfigurationUpdatedTimestamp: alarm.configurationUpdatedAt / 1000,
  ActionsEnabled: true,
});
