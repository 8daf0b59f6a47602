import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { MicroserviceDeploymentPipeline } from '../../constructs';
import { pipelineProps, Shop, testApp } from '../helpers/fixture';
import type { Call } from '../local-aws/call';
import { Iam, type Statement } from '../local-aws/iam';
import { grantedPolicy } from '../local-aws/policies-from-template';
import { resourcesOf, type Template as Synthesized } from '../local-aws/template';
import { TABLE } from './local-pipeline';
import { PIPELINE, SERVICE } from './plan';

export type Granted = 'grantRollback' | 'grantHold' | 'grantFreeze' | 'grantBreakGlass';

export const GRANTS: readonly Granted[] = ['grantRollback', 'grantHold', 'grantFreeze', 'grantBreakGlass'];

export const BREAK_GLASS_ROLE = `arn:aws:iam::${PIPELINE.account}:role/sos`;

/** Permissions of a role from each of the pipeline's grants, read from the synthesized stack. */
export function grantedPolicies(): { readonly [grant in Granted]: readonly Statement[] } {
  const stack = new Stack(testApp(), 'Pipelines', { env: PIPELINE });
  const pipeline = new MicroserviceDeploymentPipeline(stack, 'Orders', {
    ...pipelineProps({ microservice: new Shop(SERVICE) }),
    breakGlass: { role: iam.Role.fromRoleArn(stack, 'BreakGlass', BREAK_GLASS_ROLE) },
  });
  for (const grant of GRANTS) {
    const assumedBy = new iam.AccountPrincipal(PIPELINE.account);
    pipeline[grant](new iam.Role(stack, grant, { roleName: grant, assumedBy }));
  }
  const deployed = { ...PIPELINE, template: Template.fromStack(stack).toJSON() as Synthesized };
  const [[table]] = resourcesOf(deployed, 'AWS::DynamoDB::Table');
  const arns = { [`${table}.Arn`]: `arn:aws:dynamodb:${PIPELINE.region}:${PIPELINE.account}:table/${TABLE}` };
  const policies = GRANTS.map((grant) => [grant, grantedPolicy(deployed, grant, arns)] as const);
  return Object.fromEntries(policies) as { [grant in Granted]: readonly Statement[] };
}

export const roleOf = (grant: Granted): string => `arn:aws:iam::${PIPELINE.account}:role/${grant}`;

/** Splits statements, one for each action, resource and key in them. */
export const partsOf = (statements: readonly Statement[]): readonly Statement[] =>
  statements.flatMap(({ actions, resources, leadingKeys }) =>
    actions.flatMap((action) =>
      resources.flatMap((resource) =>
        (leadingKeys ?? [undefined]).map((key) => ({
          actions: [action],
          resources: [resource],
          ...(key !== undefined && { leadingKeys: [key] }),
        })),
      ),
    ),
  );

/** Returns true if the statements allow a call. */
export const allows = (statements: readonly Statement[], call: Call): boolean => {
  const iam = new Iam();
  iam.attach(call.principal, statements);
  try {
    iam.check(call);
    return true;
  } catch {
    return false;
  }
};
