import { AwsError, type Call, list, structure } from './call';

/** One statement of a policy. All statements allow. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Patterns of the keys of DynamoDB items in its scope. Default: all items. */
  readonly leadingKeys?: readonly string[];
}

/** Services whose actions have another prefix in policies than in signatures. */
const PREFIXES: { readonly [service: string]: string } = { monitoring: 'cloudwatch' };

/** Allows everything to a caller without a policy, and otherwise only what the policy allows. */
export class Iam {
  private readonly policies = new Map<string, readonly Statement[]>();

  /** Limits the role to these statements from now on. */
  attach(roleArn: string, statements: readonly Statement[]): void {
    this.policies.set(roleArn, statements);
  }

  /** Throws the service's error if the caller lacks the permission. */
  check(call: Call): void {
    const policy = this.policies.get(call.principal);
    if (!policy) {
      return;
    }
    const action = `${PREFIXES[call.service] ?? call.service}:${call.operation}`;
    const key = leadingKeyOf(call);
    const statements = policy.filter(
      ({ actions, leadingKeys }) =>
        actions.some((pattern) => matches(pattern, action)) &&
        (leadingKeys === undefined || (key !== undefined && leadingKeys.some((pattern) => matches(pattern, key)))),
    );
    const isAllowed = (names: readonly string[]): boolean =>
      statements.some(({ resources }) => resources.some((pattern) => names.some((name) => matches(pattern, name))));
    const refused = resourcesOf(call).filter((names) => !isAllowed(names));
    if (statements.length === 0 || refused.length > 0) {
      const resource = refused[0]?.[0] ?? '*';
      throw new AwsError(
        'AccessDeniedException',
        `User: ${call.principal} is not authorized to perform: ${action} on resource: ${resource}`,
        call.service === 'lambda' ? 403 : 400,
      );
    }
  }
}

/**
 * Names of each resource of a call, under which a policy may allow it. Empty if they are only in the service's data;
 * then the action alone is checked.
 */
function resourcesOf({ service, region, account, input }: Call): readonly (readonly string[])[] {
  const arn = (name: string): string => `arn:aws:${service}:${region}:${account}:${name}`;
  switch (service) {
    case 'codedeploy':
      return input.deploymentGroupName === undefined
        ? []
        : [[arn(`deploymentgroup:${input.applicationName}/${input.deploymentGroupName}`)]];
    case 'lambda': {
      const name = arn(`function:${input.FunctionName}`);
      return [[name, `${name}:${input.Name ?? input.Qualifier ?? '$LATEST'}`]];
    }
    case 'ssm': {
      const names = input.Name === undefined ? list(input, 'Names') : [input.Name];
      return names.map((name) => [arn(`parameter${name}`)]);
    }
    case 'dynamodb':
      return [[arn(`table/${input.TableName}`)]];
    case 'codepipeline': {
      const pipeline = input.pipelineName ?? input.name;
      if (pipeline === undefined) return [];
      return [[arn(input.stageName === undefined ? `${pipeline}` : `${pipeline}/${input.stageName}`)]];
    }
    case 'states':
      return [[String(input.stateMachineArn ?? input.executionArn)]];
    case 'sts':
      return input.RoleArn === undefined ? [] : [[String(input.RoleArn)]];
    default:
      return [];
  }
}

/** Key of the item in a call of DynamoDB: the value of the condition key `dynamodb:LeadingKeys`. */
function leadingKeyOf({ service, input }: Call): string | undefined {
  if (service !== 'dynamodb') return undefined;
  const { pk } = structure({ item: input.Key ?? input.Item }, 'item') as { pk?: { S?: string } };
  return pk?.S;
}

/** Returns true if a pattern, in which `*` stands for anything, covers a name. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
