import type { EnvironmentPlan } from '../../lib/plan/rollout-plan';
import type { Fields } from './call';
import type { Statement } from './iam';
import { type Deployed, resolve, resourcesOf, type Stack } from './template';

/**
 * Reads the permissions of an environment's rollout role from the environment's synthesized stack.
 *
 * @param functionArn ARN of the function behind a key of the plan
 */
export function rolloutPolicy(
  stack: Stack,
  environment: EnvironmentPlan,
  functionArn: (key: string) => string,
): readonly Statement[] {
  const roleName = environment.roleArn.split('/').at(-1);
  const [role] = resourcesOf(stack, 'AWS::IAM::Role')
    .map(([, properties]) => properties)
    .filter(({ RoleName }) => RoleName === roleName);
  if (!role) {
    throw new Error(`The stack has no role ${roleName}`);
  }
  const deployed = functionsOf(stack, environment, functionArn);
  const inline = (role.Policies ?? []) as readonly Policy[];
  return statementsOf(stack, [...inline, ...managedPolicies(stack, role)], deployed);
}

/** Lists the managed policies of its stack that a role names. Refuses those of another stack, which would go unseen. */
function managedPolicies(stack: Stack, { ManagedPolicyArns = [] }: Fields): readonly Policy[] {
  const all = new Map(resourcesOf(stack, 'AWS::IAM::ManagedPolicy'));
  return (ManagedPolicyArns as readonly Fields[]).map((named) => {
    const policy = all.get(String(named.Ref));
    if (!policy) throw new Error(`The stack has no managed policy ${JSON.stringify(named)}`);
    return policy as unknown as Policy;
  });
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Fields[] };
}

/**
 * Reads the policies that are attached to a role of a stack.
 *
 * @param roleName its physical name
 */
export function grantedPolicy(stack: Stack, roleName: string, deployed: Deployed): readonly Statement[] {
  const [found] = resourcesOf(stack, 'AWS::IAM::Role').filter(([, { RoleName }]) => RoleName === roleName);
  if (!found) throw new Error(`The stack has no role ${roleName}`);
  const attached = resourcesOf(stack, 'AWS::IAM::Policy')
    .map(([, properties]) => properties)
    .filter(({ Roles }) => JSON.stringify(Roles ?? []).includes(JSON.stringify({ Ref: found[0] })));
  return statementsOf(stack, attached as unknown as readonly Policy[], deployed);
}

function statementsOf(stack: Stack, policies: readonly Policy[], deployed: Deployed): readonly Statement[] {
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map(({ Effect, Action, Resource, Condition }) => {
      if (Effect !== 'Allow') {
        throw new Error('Only statements that allow are supported here');
      }
      return {
        actions: [Action].flat().map(String),
        resources: [Resource].flat().map((resource) => resolve(resource, stack, deployed)),
        ...(Condition !== undefined && { leadingKeys: leadingKeysOf(Condition as Fields) }),
      };
    });
}

/** Reads the only condition that is supported here. */
function leadingKeysOf(condition: Fields): readonly string[] {
  const [[operator, keys], ...others] = Object.entries(condition);
  const { 'dynamodb:LeadingKeys': leading, ...rest } = keys as Fields;
  if (operator !== 'ForAllValues:StringLike' || others.length > 0 || Object.keys(rest).length > 0) {
    throw new Error(`The condition ${JSON.stringify(condition)} is not supported here`);
  }
  return [leading].flat().map(String);
}

/** Finds the functions' ARNs by their references in the template. The publication behind each key names its function. */
function functionsOf(stack: Stack, environment: EnvironmentPlan, functionArn: (key: string) => string): Deployed {
  const releases = new Map(resourcesOf(stack, 'Custom::LambdaPublication'));
  const parameters = resourcesOf(stack, 'AWS::SSM::Parameter').map(([, properties]) => properties);
  const found = Object.entries(environment.targets).map(([key, { parameter }]) => {
    const { Value } = parameters.find(({ Name }) => Name === parameter) ?? {};
    const release = /<(\w+)\.FunctionName>/.exec(resolve(Value ?? '', stack))?.[1] ?? '';
    const name = resolve(releases.get(release)?.FunctionName ?? '', stack);
    if (name === '') {
      throw new Error(`The stack does not report the function ${key} in ${parameter}`);
    }
    return [`${name.replace(/[<>]/g, '')}.Arn`, functionArn(key)];
  });
  return Object.fromEntries(found);
}
