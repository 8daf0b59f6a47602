import type { Behaviour } from './behaviour';
import { AwsError, type Call, type Fields, optional, type Place, page, placeKey, required, structure } from './call';
import type { VirtualClock } from './clock';
import type { Service } from './endpoint';
import { type Alias, type FunctionVersion, LambdaFunction } from './lambda-function';
import { type Protocol, type Route, restJson } from './protocols';

const BASE = '/2015-03-31/functions/:FunctionName';
const PROVISIONED = '/2019-09-30/functions/:FunctionName/provisioned-concurrency';

const ROUTES: readonly Route[] = [
  { operation: 'GetAlias', method: 'GET', path: `${BASE}/aliases/:Name`, status: 200 },
  { operation: 'UpdateAlias', method: 'PUT', path: `${BASE}/aliases/:Name`, status: 200 },
  { operation: 'DeleteAlias', method: 'DELETE', path: `${BASE}/aliases/:Name`, status: 204 },
  { operation: 'ListAliases', method: 'GET', path: `${BASE}/aliases`, status: 200 },
  { operation: 'CreateAlias', method: 'POST', path: `${BASE}/aliases`, status: 201 },
  { operation: 'ListVersionsByFunction', method: 'GET', path: `${BASE}/versions`, status: 200 },
  { operation: 'PublishVersion', method: 'POST', path: `${BASE}/versions`, status: 201 },
  { operation: 'GetFunctionConfiguration', method: 'GET', path: `${BASE}/configuration`, status: 200 },
  { operation: 'GetFunction', method: 'GET', path: BASE, status: 200 },
  { operation: 'DeleteFunction', method: 'DELETE', path: BASE, status: 204 },
  { operation: 'Invoke', method: 'POST', path: `${BASE}/invocations`, status: 200 },
  { operation: 'ListProvisionedConcurrencyConfigs', method: 'GET', path: PROVISIONED, query: 'List', status: 200 },
  { operation: 'GetProvisionedConcurrencyConfig', method: 'GET', path: PROVISIONED, query: 'Qualifier', status: 200 },
];

/** REST JSON; the answer to an invocation is the function's result or its error. */
const PROTOCOL: Protocol = {
  ...restJson(ROUTES),
  encode: (operation, output) => {
    if (operation !== 'Invoke') return restJson(ROUTES).encode(operation, output);
    const { Payload, FunctionError } = output;
    const headers = { 'content-type': 'application/json' };
    return {
      status: 200,
      headers: FunctionError === undefined ? headers : { ...headers, 'x-amz-function-error': String(FunctionError) },
      body: JSON.stringify(Payload) ?? '',
    };
  },
};

/** Code of a function. */
export type Invocation = (event: Fields) => Promise<unknown>;

/** Lambda: functions, versions, aliases; and functions that can be invoked, for hooks. */
export class Lambda implements Service {
  readonly name = 'lambda';
  readonly protocol = PROTOCOL;

  private readonly functions = new Map<string, LambdaFunction>();
  private readonly invocations = new Map<string, Invocation>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly behaviour: Behaviour,
  ) {}

  /** Creates a function without a published version. */
  create(place: Place, name: string, code: string, settings: Fields = {}): LambdaFunction {
    const created = new LambdaFunction(place, name, () => this.clock.now(), code, settings);
    this.functions.set(placeKey(place, name), created);
    return created;
  }

  /** Changes a function's code or settings. The function is then in update for a while. */
  update(place: Place, name: string, change: { readonly code?: string; readonly settings?: Fields }): void {
    const found = this.existing(place, name);
    found.update(change);
    found.updatingUntil = this.clock.now() + this.behaviour.functionUpdateSeconds * 1000;
  }

  find(place: Place, name: string): LambdaFunction | undefined {
    return this.functions.get(placeKey(place, name));
  }

  delete(place: Place, name: string): void {
    this.functions.delete(placeKey(place, name));
  }

  /** Sets the code of a function. */
  register(place: Place, name: string, invocation: Invocation): void {
    this.invocations.set(placeKey(place, name), invocation);
  }

  invocation(place: Place, name: string): Invocation | undefined {
    return this.invocations.get(placeKey(place, name));
  }

  handle(call: Call): Fields | Promise<Fields> {
    const { operation, input } = call;
    if (operation === 'Invoke') return this.invoke(call);
    const found = this.existing(call, required(input, 'FunctionName', 'InvalidParameterValueException'));
    const qualifier = optional(input, 'Qualifier');
    switch (operation) {
      case 'GetAlias':
        return this.getAlias(found, input);
      case 'CreateAlias':
        return createAlias(found, input);
      case 'UpdateAlias':
        return updateAlias(found, input);
      case 'DeleteAlias':
        return this.deleteAlias(found, input);
      case 'ListAliases':
        return listAliases(found, input);
      case 'GetFunctionConfiguration':
        return this.configuration(found, versionOf(found, qualifier));
      case 'GetFunction': {
        const version = versionOf(found, qualifier);
        return { Configuration: this.configuration(found, version), Code: { RepositoryType: 'S3' }, Tags: {} };
      }
      case 'ListVersionsByFunction': {
        const all = [found.latest, ...found.versions.values()];
        const { items, next } = page(all, optional(input, 'Marker'), Number(input.MaxItems ?? 50));
        return { Versions: items.map((version) => this.configuration(found, version)), NextMarker: next };
      }
      case 'PublishVersion':
        return this.publish(found, input);
      case 'DeleteFunction':
        return this.deleteFunction(found, qualifier);
      case 'GetProvisionedConcurrencyConfig':
        return getProvisioned(found, qualifier);
      case 'ListProvisionedConcurrencyConfigs':
        return {
          ProvisionedConcurrencyConfigs: [...found.provisioned.keys()].map((key) => ({
            ...getProvisioned(found, key),
            FunctionArn: `${found.arn}:${key}`,
          })),
        };
      default:
        throw new AwsError('UnknownOperationException', operation, 404);
    }
  }

  /** Invokes a function. A function with a body needs no code; its error is an answer. */
  private async invoke({ input, ...place }: Call): Promise<Fields> {
    const { FunctionName, ...event } = input;
    const name = String(FunctionName).startsWith('arn:') ? String(FunctionName).split(':')[6] : String(FunctionName);
    const invocation = this.invocation(place, name);
    if (!invocation) throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
    try {
      return { Payload: await invocation(event) };
    } catch (error) {
      const { name: errorType, message: errorMessage } = error as Error;
      return { FunctionError: 'Unhandled', Payload: { errorType, errorMessage } };
    }
  }

  /** Finds the function of that name or ARN. */
  private existing(place: Place, nameOrArn: string): LambdaFunction {
    const name = nameOrArn.startsWith('arn:') ? nameOrArn.split(':')[6] : nameOrArn;
    const found = this.find(place, name);
    if (!found) {
      const arn = `arn:aws:lambda:${place.region}:${place.account}:function:${name}`;
      throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    }
    return found;
  }

  private getAlias(found: LambdaFunction, input: Fields): Fields {
    const name = String(input.Name);
    const alias = found.readAlias(name, this.behaviour.aliasLagSeconds);
    if (!alias) {
      throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${found.arn}:${name}`, 404);
    }
    return aliasFields(found, alias);
  }

  private deleteAlias(found: LambdaFunction, input: Fields): Fields {
    const name = String(input.Name);
    if (!found.deleteAlias(name) && this.behaviour.deleteMissingAlias === 'not-found') {
      throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${found.arn}:${name}`, 404);
    }
    return {};
  }

  private publish(found: LambdaFunction, input: Fields): Fields {
    const { latest } = found;
    if (this.updating(found)) {
      throw new AwsError(
        'ResourceConflictException',
        `The operation cannot be performed at this time. An update is in progress for resource: ${found.arn}`,
        409,
      );
    }
    const sha = optional(input, 'CodeSha256');
    if (sha !== undefined && sha !== latest.codeSha256) {
      throw new AwsError(
        'InvalidParameterValueException',
        `CodeSHA256 (${sha}) is different from current CodeSHA256 in $LATEST (${latest.codeSha256}).`,
      );
    }
    checkRevision(optional(input, 'RevisionId'), latest.revisionId);
    return this.configuration(found, found.publish(optional(input, 'Description')));
  }

  private deleteFunction(found: LambdaFunction, qualifier: string | undefined): Fields {
    if (qualifier === undefined) {
      this.delete(found.place, found.name);
      return {};
    }
    if (!/^\d+$/.test(qualifier)) {
      throw new AwsError('InvalidParameterValueException', `${qualifier} is not a version that can be deleted`);
    }
    const aliases = [...found.aliases.values()]
      .filter((alias) => alias.version === qualifier || qualifier in alias.weights)
      .map((alias) => alias.name);
    if (aliases.length > 0) {
      throw new AwsError(
        'ResourceConflictException',
        `Unable to delete version because the following aliases reference it: [${aliases.join(', ')}]`,
        409,
      );
    }
    versionOf(found, qualifier);
    found.versions.delete(qualifier);
    return {};
  }

  private updating(found: LambdaFunction): boolean {
    return this.clock.now() < found.updatingUntil;
  }

  private configuration(found: LambdaFunction, version: FunctionVersion): Fields {
    const isLatest = version.version === '$LATEST';
    return {
      FunctionName: found.name,
      FunctionArn: isLatest ? found.arn : `${found.arn}:${version.version}`,
      ...version.settings,
      CodeSha256: version.codeSha256,
      CodeSize: 1,
      Description: version.description,
      LastModified: new Date(version.modifiedAt).toISOString().replace('Z', '+0000'),
      RevisionId: version.revisionId,
      State: 'Active',
      LastUpdateStatus: isLatest && this.updating(found) ? 'InProgress' : 'Successful',
      Version: version.version,
    };
  }
}

function versionOf(found: LambdaFunction, qualifier: string | undefined): FunctionVersion {
  const version = found.version(qualifier);
  if (!version) {
    throw new AwsError('ResourceNotFoundException', `Function not found: ${found.arn}:${qualifier}`, 404);
  }
  return version;
}

function createAlias(found: LambdaFunction, input: Fields): Fields {
  const name = required(input, 'Name', 'InvalidParameterValueException');
  const version = required(input, 'FunctionVersion', 'InvalidParameterValueException');
  if (!/^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/.test(name)) {
    throw new AwsError('ValidationException', `Value '${name}' at 'name' failed to satisfy constraint`);
  }
  if (found.aliases.has(name)) {
    throw new AwsError('ResourceConflictException', `Alias already exists: ${found.arn}:${name}`, 409);
  }
  return aliasFields(found, found.setAlias(name, version, weightsOf(input), optional(input, 'Description')));
}

function updateAlias(found: LambdaFunction, input: Fields): Fields {
  const name = required(input, 'Name', 'InvalidParameterValueException');
  const alias = found.aliases.get(name);
  if (!alias) {
    throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${found.arn}:${name}`, 404);
  }
  checkRevision(optional(input, 'RevisionId'), alias.revisionId);
  const version = optional(input, 'FunctionVersion') ?? alias.version;
  // Weights that the call omits stay, as in Lambda. Only an explicit empty value ends a split.
  const weights = 'RoutingConfig' in input ? weightsOf(input) : alias.weights;
  return aliasFields(
    found,
    found.setAlias(name, version, weights, optional(input, 'Description') ?? alias.description),
  );
}

function listAliases(found: LambdaFunction, input: Fields): Fields {
  const version = optional(input, 'FunctionVersion');
  const all = [...found.aliases.values()].filter(
    (alias) => version === undefined || alias.version === version || version in alias.weights,
  );
  const { items, next } = page(all, optional(input, 'Marker'), Number(input.MaxItems ?? 50));
  return { Aliases: items.map((alias) => aliasFields(found, alias)), NextMarker: next };
}

function getProvisioned(found: LambdaFunction, qualifier: string | undefined): Fields {
  const config = found.provisioned.get(qualifier ?? '');
  if (!config) {
    throw new AwsError(
      'ProvisionedConcurrencyConfigNotFoundException',
      'No Provisioned Concurrency Config found for this function',
      404,
    );
  }
  return { RequestedProvisionedConcurrentExecutions: config.requested, Status: config.status };
}

const weightsOf = (input: Fields): { readonly [version: string]: number } =>
  structure(structure(input, 'RoutingConfig'), 'AdditionalVersionWeights') as { readonly [version: string]: number };

function checkRevision(given: string | undefined, actual: string): void {
  if (given !== undefined && given !== actual) {
    throw new AwsError(
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      412,
    );
  }
}

const aliasFields = (found: LambdaFunction, alias: Alias): Fields => ({
  AliasArn: `${found.arn}:${alias.name}`,
  Name: alias.name,
  FunctionVersion: alias.version,
  Description: alias.description,
  RevisionId: alias.revisionId,
  ...(Object.keys(alias.weights).length > 0 ? { RoutingConfig: { AdditionalVersionWeights: alias.weights } } : {}),
});
