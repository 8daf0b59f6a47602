import type { EnvironmentPlan } from '../../lib/plan/rollout-plan';
import type { Fields } from './call';
import type { Statement } from './iam';
import { type Deployed, resolve, resourcesOf, type Stack } from './template';

/**
 * What the rollout role of an environment may do, out of the environment's synthesized stack.
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
  const policies = (role.Policies ?? []) as readonly { PolicyDocument: { Statement: readonly Fields[] } }[];
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map(({ Effect, Action, Resource }) => {
      if (Effect !== 'Allow') {
        throw new Error('Only statements that allow are understood here');
      }
      return {
        actions: [Action].flat().map(String),
        resources: [Resource].flat().map((resource) => resolve(resource, stack, deployed)),
      };
    });
}

/** The functions' ARNs, by the reference that the template has for them: the release says which is whose. */
function functionsOf(stack: Stack, environment: EnvironmentPlan, functionArn: (key: string) => string): Deployed {
  const releases = new Map(resourcesOf(stack, 'Custom::LambdaRelease'));
  const parameters = resourcesOf(stack, 'AWS::SSM::Parameter').map(([, properties]) => properties);
  const found = Object.entries(environment.functions).map(([key, { parameter }]) => {
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
