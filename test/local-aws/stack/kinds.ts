import { AwsError, type Fields, type Place } from '../call';
import type { CustomResourceRequest } from '../cloudformation';
import type { Statement } from '../iam';
import type { LambdaFunction } from '../lambda-function';
import type { World } from '../world';
import { type Kind, type Made, ResourceFailure } from './kind';

/** Sends a request to the provider of a custom resource. */
export type Provider = (request: CustomResourceRequest) => ReturnType<World['cloudformation']['send']>;

/** Type of a resource that can never be created. */
export const REFUSED_TYPE = 'Test::Refused';

/** Properties whose combination must be unique in an account and region, by type. */
const UNIQUE: { readonly [type: string]: readonly string[] } = {
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CodeDeploy::Application': ['ApplicationName'],
  'AWS::CodeDeploy::DeploymentConfig': ['DeploymentConfigName'],
  'AWS::CodeDeploy::DeploymentGroup': ['ApplicationName', 'DeploymentGroupName'],
  'AWS::IAM::Role': ['RoleName'],
  'AWS::Lambda::EventInvokeConfig': ['FunctionName', 'Qualifier'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn', 'FunctionName'],
  'AWS::Lambda::Url': ['TargetFunctionArn', 'Qualifier'],
  'AWS::SSM::Parameter': ['Name'],
};

/** Resources of an account and region by type, as far as an environment's stack has them. */
export class Kinds {
  private readonly existing = new Map<string, Set<string>>();
  private readonly policies = new Map<string, readonly Statement[]>();
  private made = 0;

  constructor(
    private readonly world: World,
    private readonly place: Place,
    private readonly provider: Provider,
  ) {
    this.attachPolicies();
  }

  readonly of = (type: string): Kind => {
    switch (type) {
      case 'AWS::Lambda::Function':
        return this.lambdaFunction;
      case 'AWS::Lambda::Permission':
        return this.permission;
      case 'AWS::IAM::RolePolicy':
        return this.rolePolicy;
      case 'AWS::SNS::Subscription':
        return this.subscription;
      case 'Custom::LambdaPublication':
        return this.publication;
      case REFUSED_TYPE:
        return this.refused;
      default:
        return this.unique(type, UNIQUE[type] ?? []);
    }
  };

  /** Lists the physical ids of all resources of a type. */
  all(type: string): Set<string> {
    const found = this.existing.get(type) ?? new Set();
    this.existing.set(type, found);
    return found;
  }

  private readonly lambdaFunction: Kind = {
    replaces: (before, after) => before.FunctionName !== after.FunctionName,
    create: (logicalId, properties) => {
      const name = String(properties.FunctionName ?? this.nextId(logicalId));
      if (this.world.lambda.find(this.place, name)) throw new ResourceFailure(`Function already exist: ${name}`);
      const { code, settings } = contentOf(properties);
      const { arn } = this.world.lambda.create(this.place, name, code, settings);
      return { physicalId: name, attributes: { Arn: arn } };
    },
    update: ({ physicalId, attributes }, properties) => {
      this.world.lambda.update(this.place, physicalId, contentOf(properties));
      return { physicalId, attributes };
    },
    delete: ({ physicalId }) => this.world.lambda.delete(this.place, physicalId),
  };

  /** A statement in the policy of a function or its alias, which disappears with that function or alias. */
  private readonly permission: Kind = {
    replaces: () => true,
    create: (logicalId, properties) => {
      const { fn, qualifier } = this.target(properties);
      if (qualifier !== '' && !fn.aliases.has(qualifier)) {
        throw new ResourceFailure(`Cannot find alias arn: ${fn.arn}:${qualifier}`);
      }
      const physicalId = this.nextId(logicalId);
      const statements = fn.permissions.get(qualifier) ?? new Set();
      fn.permissions.set(qualifier, statements.add(physicalId));
      return { physicalId };
    },
    update: ({ physicalId }) => ({ physicalId }),
    delete: ({ physicalId, properties }) => {
      const { fn, qualifier } = this.target(properties);
      fn.permissions.get(qualifier)?.delete(physicalId);
    },
  };

  /** Gives the provider's role the permissions of its policies, from their creation to their deletion. */
  private readonly rolePolicy: Kind = {
    replaces: (before, after) => before.PolicyName !== after.PolicyName || before.RoleName !== after.RoleName,
    create: (_, properties) => this.putPolicy(properties),
    update: (_, properties) => this.putPolicy(properties),
    delete: ({ physicalId }) => {
      this.policies.delete(physicalId);
      this.attachPolicies();
    },
  };

  /** Subscribes. A repeated subscription is no error: it returns the existing one. */
  private readonly subscription: Kind = {
    replaces: () => true,
    create: (_, { TopicArn, Protocol, Endpoint }) => {
      const physicalId = [TopicArn, Protocol, Endpoint].join('|');
      this.all('AWS::SNS::Subscription').add(physicalId);
      return { physicalId };
    },
    update: ({ physicalId }) => ({ physicalId }),
    delete: ({ physicalId }) => void this.all('AWS::SNS::Subscription').delete(physicalId),
  };

  private readonly publication: Kind = {
    create: (logicalId, properties) => this.publish({ type: 'Create', logicalId, properties }),
    update: ({ logicalId, physicalId, properties: oldProperties }, properties) =>
      this.publish({ type: 'Update', logicalId, physicalId, properties, oldProperties }),
    delete: async ({ logicalId, physicalId, properties }) => {
      await this.publish({ type: 'Delete', logicalId, physicalId, properties });
    },
  };

  private readonly refused: Kind = {
    create: () => {
      throw new ResourceFailure('refused by the test');
    },
    update: ({ physicalId }) => ({ physicalId }),
    delete: () => undefined,
  };

  /** @param names properties whose combination must be unique; omitted ones get a new value */
  private unique(type: string, names: readonly string[]): Kind {
    const all = this.all(type);
    const nameOf = (properties: Fields): string =>
      names.flatMap((name) => (properties[name] === undefined ? [] : String(properties[name]))).join('|');
    return {
      replaces: (before, after) => nameOf(before) !== nameOf(after),
      create: (logicalId, properties) => {
        const physicalId = nameOf(properties) || this.nextId(logicalId);
        if (all.has(physicalId)) throw new ResourceFailure(`${type} ${physicalId} already exists`);
        all.add(physicalId);
        return { physicalId };
      },
      update: ({ physicalId }) => ({ physicalId }),
      delete: ({ physicalId }) => void all.delete(physicalId),
    };
  }

  private async publish(request: CustomResourceRequest): Promise<Made> {
    const { Status, Reason = '', PhysicalResourceId: physicalId, Data } = await this.provider(request);
    if (Status === 'FAILED') throw new ResourceFailure(Reason, physicalId);
    return { physicalId, attributes: Data };
  }

  private putPolicy({ PolicyName, RoleName, PolicyDocument }: Fields): Made {
    const { Statement } = PolicyDocument as { readonly Statement: readonly Fields[] };
    const physicalId = `${RoleName}|${PolicyName}`;
    const statements = Statement.map(({ Action, Resource }) => ({
      actions: [Action].flat().map(String),
      resources: [Resource].flat().map(String),
    }));
    this.policies.set(physicalId, statements);
    this.attachPolicies();
    return { physicalId };
  }

  /** Denies a role everything while it has no policy. */
  private attachPolicies(): void {
    this.world.iam.attach(`arn:aws:iam::${this.place.account}:root`, [...this.policies.values()].flat());
  }

  private target({ FunctionName }: Fields): { readonly fn: LambdaFunction; readonly qualifier: string } {
    const [, , , , , , name, qualifier = ''] = String(FunctionName).split(':');
    const fn = this.world.lambda.find(this.place, name);
    if (!fn) throw new AwsError('ResourceNotFoundException', `Function not found: ${FunctionName}`, 404);
    return { fn, qualifier };
  }

  private nextId(logicalId: string): string {
    this.made++;
    return `${logicalId}-${this.made}`;
  }
}

/** Returns the properties of a function that are part of its versions. */
function contentOf({ Code, Timeout, Environment }: Fields): { readonly code: string; readonly settings: Fields } {
  return { code: JSON.stringify(Code), settings: { Timeout: Timeout ?? 3, Environment } };
}
