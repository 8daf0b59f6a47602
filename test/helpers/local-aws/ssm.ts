import { AwsError, type Call, type Fields, list, type Place, placeKey } from './call';
import type { Service } from './endpoint';
import { awsJson } from './protocols';

/** Most names in one GetParameters. */
const NAMES_LIMIT = 10;

interface Parameter {
  readonly value: string;
  readonly version: number;
}

/** Parameters of Systems Manager. */
export class Ssm implements Service {
  readonly name = 'ssm';
  readonly protocol = awsJson('1.1');

  private readonly parameters = new Map<string, Parameter>();

  /** Creates or overwrites a parameter. */
  put(place: Place, name: string, value: string): void {
    const key = placeKey(place, name);
    this.parameters.set(key, { value, version: (this.parameters.get(key)?.version ?? 0) + 1 });
  }

  get(place: Place, name: string): string | undefined {
    return this.parameters.get(placeKey(place, name))?.value;
  }

  delete(place: Place, name: string): void {
    this.parameters.delete(placeKey(place, name));
  }

  handle(call: Call): Fields {
    if (call.operation !== 'GetParameters') {
      throw new AwsError('UnknownOperationException', call.operation);
    }
    const names = list(call.input, 'Names').map(String);
    if (names.length < 1 || names.length > NAMES_LIMIT) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length from 1 to ${NAMES_LIMIT}`,
      );
    }
    const found = names.flatMap((name) => {
      const parameter = this.parameters.get(placeKey(call, name));
      return parameter
        ? [
            {
              Name: name,
              Type: 'String',
              Value: parameter.value,
              Version: parameter.version,
              ARN: `arn:aws:ssm:${call.region}:${call.account}:parameter${name}`,
              DataType: 'text',
            },
          ]
        : [];
    });
    const invalid = names.filter((name) => !this.parameters.has(placeKey(call, name)));
    return { Parameters: found, InvalidParameters: invalid };
  }
}
