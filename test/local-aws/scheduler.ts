import { AwsError, type Call, type Fields, type Place, placeKey, required, structure } from './call';
import type { VirtualClock } from './clock';
import type { Service } from './endpoint';
import { restJson } from './protocols';

/** The only kind of schedule that is supported here: once, at a time. */
interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly at: number;
  readonly deletesItself: boolean;
  readonly target: Target;
  readonly cancel: () => void;
}

/** Target of a schedule. */
export interface Target {
  readonly arn: string;
  readonly roleArn: string;
  readonly input: string;
}

const NAME = /^[0-9a-zA-Z-_.]{1,64}$/;
const ARN = /^(arn:aws|<)/;

/** One-time schedules of EventBridge Scheduler, on the virtual clock. */
export class Scheduler implements Service {
  readonly name = 'scheduler';
  readonly protocol = restJson([
    { operation: 'CreateSchedule', method: 'POST', path: '/schedules/:Name', status: 200 },
    { operation: 'UpdateSchedule', method: 'PUT', path: '/schedules/:Name', status: 200 },
    { operation: 'DeleteSchedule', method: 'DELETE', path: '/schedules/:Name', status: 200 },
  ]);
  /** Called when a schedule fires. */
  onFire: (target: Target) => void = () => undefined;

  private readonly groups = new Set<string>();
  private readonly schedules = new Map<string, Schedule>();

  constructor(private readonly clock: VirtualClock) {}

  createGroup(place: Place, name: string): void {
    this.groups.add(placeKey(place, name));
  }

  /** Schedules of a group, with their targets and times (ISO 8601). */
  in(place: Place, group: string): readonly { readonly name: string; readonly at: string; readonly target: Target }[] {
    return [...this.schedules]
      .filter(([key]) => key.startsWith(placeKey(place, group, '')))
      .map(([, { name, at, target }]) => ({ name, at: new Date(at).toISOString(), target }));
  }

  handle(call: Call): Fields {
    const name = required(call.input, 'Name', 'ValidationException');
    if (!NAME.test(name)) throw invalid(`Value '${name}' at 'name' failed to satisfy constraint: ${NAME.source}`);
    switch (call.operation) {
      case 'CreateSchedule':
      case 'UpdateSchedule':
        return this.put(call, name);
      case 'DeleteSchedule':
        return this.delete(placeKey(call, String(call.input.groupName ?? 'default'), name));
      default:
        throw new AwsError('UnknownOperationException', call.operation);
    }
  }

  private put(call: Call, name: string): Fields {
    const { input, region, account } = call;
    const group = String(input.GroupName ?? 'default');
    if (!this.groups.has(placeKey(call, group))) throw missing(`Schedule group ${group} does not exist.`);
    const key = placeKey(call, group, name);
    const before = this.schedules.get(key);
    if (call.operation === 'CreateSchedule' && before) {
      throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
    }
    if (call.operation === 'UpdateSchedule' && !before) throw missing(`Schedule ${name} does not exist.`);
    const at = this.moment(input);
    const target = targetOf(input);
    if (structure(input, 'FlexibleTimeWindow').Mode !== 'OFF') throw invalid('FlexibleTimeWindow is required');
    before?.cancel();
    const cancel = this.clock.after((at - this.clock.now()) / 1000, () => this.fire(key));
    const deletesItself = input.ActionAfterCompletion === 'DELETE';
    this.schedules.set(key, { name, group, at, deletesItself, target, cancel });
    return { ScheduleArn: `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}` };
  }

  /** Reads a time in UTC, the only time zone that is supported here. Refuses a time in the past. */
  private moment(input: Fields): number {
    const expression = required(input, 'ScheduleExpression', 'ValidationException');
    const [, text] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
    const at = text === undefined ? Number.NaN : Date.parse(`${text}Z`);
    if (Number.isNaN(at) || (input.ScheduleExpressionTimezone ?? 'UTC') !== 'UTC') {
      throw invalid(`Invalid Schedule Expression ${expression}.`);
    }
    if (at <= this.clock.now()) throw invalid(`${expression} is in the past.`);
    return at;
  }

  private delete(key: string): Fields {
    const found = this.schedules.get(key);
    if (!found) throw missing('Schedule does not exist.');
    found.cancel();
    this.schedules.delete(key);
    return {};
  }

  private fire(key: string): void {
    const found = this.schedules.get(key);
    if (!found) return;
    if (found.deletesItself) this.schedules.delete(key);
    this.onFire(found.target);
  }
}

function targetOf(input: Fields): Target {
  const target = structure(input, 'Target');
  const arn = required(target, 'Arn', 'ValidationException');
  const roleArn = required(target, 'RoleArn', 'ValidationException');
  const deadLetter = structure(target, 'DeadLetterConfig').Arn;
  for (const each of [arn, roleArn, ...(deadLetter === undefined ? [] : [String(deadLetter)])]) {
    if (!ARN.test(each)) throw invalid(`${each} is no ARN`);
  }
  const text = required(target, 'Input', 'ValidationException');
  try {
    JSON.parse(text);
  } catch {
    throw invalid('Invalid JSON Input.');
  }
  return { arn, roleArn, input: text };
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
const missing = (message: string): AwsError => new AwsError('ResourceNotFoundException', message, 404);
