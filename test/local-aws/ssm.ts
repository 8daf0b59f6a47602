import { AwsError, type Call, type Fields, list, optional, type Place, page, placeKey, required } from './call';
import type { VirtualClock } from './clock';
import type { Service } from './endpoint';
import { awsJson } from './protocols';

/** Maximum number of names in one GetParameters. */
const NAMES_LIMIT = 10;

/** Maximum number of versions in one answer of GetParameterHistory. */
const HISTORY_PAGE = 50;

/** Maximum length of a standard parameter, in characters. */
const VALUE_LIMIT = 4_096;

/** Maximum number of versions that a parameter keeps. */
const KEPT_VERSIONS = 100;

/** One version of a parameter. */
interface Parameter {
  readonly value: string;
  readonly version: number;
  /** Virtual time, in milliseconds. */
  readonly at: number;
  readonly by: string;
}

/** Parameters of Systems Manager. */
export class Ssm implements Service {
  readonly name = 'ssm';
  readonly protocol = awsJson('1.1');

  /** All versions of each parameter, newest last. */
  private readonly parameters = new Map<string, Parameter[]>();

  constructor(private readonly clock: VirtualClock) {}

  /**
   * Creates or overwrites a parameter.
   *
   * @param by ARN of the writer
   */
  put(place: Place, name: string, value: string, by = `arn:aws:iam::${place.account}:root`): void {
    const key = placeKey(place, name);
    const versions = this.parameters.get(key) ?? [];
    versions.push({ value, version: (versions.at(-1)?.version ?? 0) + 1, at: this.clock.now(), by });
    this.parameters.set(key, versions.slice(-KEPT_VERSIONS));
  }

  get(place: Place, name: string): string | undefined {
    return this.parameters.get(placeKey(place, name))?.at(-1)?.value;
  }

  delete(place: Place, name: string): void {
    this.parameters.delete(placeKey(place, name));
  }

  handle(call: Call): Fields {
    switch (call.operation) {
      case 'GetParameters':
        return this.getParameters(call);
      case 'GetParameterHistory':
        return this.getHistory(call);
      case 'PutParameter':
        return this.putParameter(call);
      default:
        throw new AwsError('UnknownOperationException', call.operation);
    }
  }

  private putParameter(call: Call): Fields {
    const name = required(call.input, 'Name', 'ValidationException');
    const value = required(call.input, 'Value', 'ValidationException');
    const key = placeKey(call, name);
    if (!/^\/[a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+){0,14}$/.test(name)) {
      throw new AwsError('ValidationException', `Parameter name: ${name} is not one that Systems Manager allows`);
    }
    if (value.length > VALUE_LIMIT) {
      throw new AwsError(
        'ValidationException',
        `Standard tier parameters support a maximum of ${VALUE_LIMIT} characters`,
      );
    }
    if (!this.parameters.has(key)) required(call.input, 'Type', 'ValidationException');
    else if (call.input.Overwrite !== true) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite it, set the overwrite flag',
      );
    }
    this.put(call, name, value, call.principal);
    return { Version: this.parameters.get(key)?.at(-1)?.version, Tier: 'Standard' };
  }

  private getHistory(call: Call): Fields {
    const name = required(call.input, 'Name', 'ValidationException');
    const versions = this.parameters.get(placeKey(call, name));
    if (!versions) throw new AwsError('ParameterNotFound', `There is no parameter ${name}`);
    const { items, next } = page(
      versions,
      optional(call.input, 'NextToken'),
      Number(call.input.MaxResults ?? HISTORY_PAGE),
    );
    const Parameters = items.map((parameter) => ({
      ...described(call, name, parameter),
      LastModifiedUser: parameter.by,
    }));
    return { Parameters, NextToken: next };
  }

  private getParameters(call: Call): Fields {
    const names = list(call.input, 'Names').map(String);
    if (names.length < 1 || names.length > NAMES_LIMIT) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length from 1 to ${NAMES_LIMIT}`,
      );
    }
    const found = names.flatMap((name) => {
      const parameter = this.parameters.get(placeKey(call, name))?.at(-1);
      return parameter ? [described(call, name, parameter)] : [];
    });
    const invalid = names.filter((name) => !this.parameters.has(placeKey(call, name)));
    return { Parameters: found, InvalidParameters: invalid };
  }
}

const described = (place: Place, name: string, { value, version, at }: Parameter): Fields => ({
  Name: name,
  Type: 'String',
  Value: value,
  Version: version,
  LastModifiedDate: at / 1_000,
  ARN: `arn:aws:ssm:${place.region}:${place.account}:parameter${name}`,
  DataType: 'text',
});
