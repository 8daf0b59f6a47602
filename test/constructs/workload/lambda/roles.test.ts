import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Environment } from '../../../../constructs/environment/environment';
import { Workload } from '../../../../constructs/workload/workload';
import { environment, fn, logicalId, PRODUCTION, STAGING } from './environment';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: Statement[] };
}

/** Returns the properties of the role whose logical id begins like that. */
const roleOf = (template: Template, prefix: string) =>
  Object.entries(template.findResources('AWS::IAM::Role')).find(([id]) => id.startsWith(prefix))?.[1].Properties;

/** Returns the customer managed policies of a role: those of its template that it names. */
function managedPolicies(template: Template, prefix: string): Policy[] {
  const all = template.findResources('AWS::IAM::ManagedPolicy');
  const named: { readonly Ref: string }[] = roleOf(template, prefix).ManagedPolicyArns ?? [];
  return named.map(({ Ref }) => all[Ref].Properties);
}

const statementsOf = (policies: readonly Policy[]): Statement[] =>
  policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

/** Returns the statements of all policies of the role whose logical id begins like that. */
const statements = (template: Template, prefix: string): Statement[] =>
  statementsOf([...roleOf(template, prefix).Policies, ...managedPolicies(template, prefix)]);

/** ARNs as CloudFormation resolves them, apart from attributes. */
const resources = (given: readonly Statement[]): string[] =>
  given
    .flatMap(({ Resource }) => [Resource].flat())
    .map((each) => resolved(JSON.stringify(each)).replace(/^"|"$/g, ''));

/** JSON as CloudFormation resolves it, with an ARN in place of each attribute. */
const resolved = (text: string, arn = '<arn>', partition = 'aws'): string =>
  text
    .replaceAll(/\{"Fn::GetAtt":\["F[^}]*\}/g, `"${arn}"`)
    .replaceAll('{"Ref":"AWS::Partition"}', `"${partition}"`)
    .replaceAll(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_, parts: string) => `"${parts.replaceAll(/",?"?/g, '')}"`);

const allowing = (all: Statement[], action: string): Statement[] =>
  all.filter(({ Action }) => (Array.isArray(Action) ? Action.includes(action) : Action === action));

describe('in production', () => {
  const { stack } = environment();
  const handler = fn(stack);
  const secondary = fn(stack, 'Bystander');
  Workload.lambdas({ handler });
  const template = Template.fromStack(stack);

  test('the rollout handlers are trusted by the name of their role', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'orders-production-eu-west-1-rollout',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Condition: {
              ArnEquals: {
                'aws:PrincipalArn': {
                  'Fn::Join': [
                    '',
                    ['arn:', { Ref: 'AWS::Partition' }, ':iam::111111111111:role/orders-us-west-2-rollout-handler'],
                  ],
                },
              },
            },
            Principal: {
              AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111111111111:root']] },
            },
          },
        ],
      },
    });
  });

  test.each([
    'codedeploy:CreateDeployment',
    'codedeploy:BatchGetDeployments',
    'codedeploy:ListDeployments',
    'codedeploy:GetDeploymentGroup',
    'codedeploy:UpdateDeploymentGroup',
    'codedeploy:StopDeployment',
    'codedeploy:GetDeploymentConfig',
    'codedeploy:RegisterApplicationRevision',
    'codedeploy:GetApplicationRevision',
    'lambda:GetAlias',
    'lambda:UpdateAlias',
    'lambda:GetFunctionConfiguration',
    'lambda:GetProvisionedConcurrencyConfig',
    'cloudwatch:DescribeAlarms',
  ])('the rollout handlers may %s', (action) => {
    expect(allowing(statements(template, 'WorkloadRolloutRole'), action)).toHaveLength(1);
  });

  test('the rollout handlers deploy to the groups of this workload only', () => {
    const [{ Resource }] = allowing(statements(template, 'WorkloadRolloutRole'), 'codedeploy:CreateDeployment');
    expect(JSON.stringify(Resource)).toContain(
      ':codedeploy:eu-west-1:333333333333:deploymentgroup:orders-production-handler/orders-production-handler"',
    );
  });

  test('the rollout handlers read both parameters of each function, and write the stable one', () => {
    const all = statements(template, 'WorkloadRolloutRole').filter(({ Action }) =>
      /"ssm:/.test(JSON.stringify(Action)),
    );
    const handlers = 'arn:aws:ssm:eu-west-1:333333333333:parameter/deployment-pipeline/orders/production/handler';
    expect(resources(allowing(all, 'ssm:GetParameters')).sort()).toEqual([handlers, `${handlers}/stable`]);
    expect(resources(allowing(all, 'ssm:PutParameter'))).toEqual([`${handlers}/stable`]);
    const actions = all.flatMap(({ Action }) => [Action].flat());
    expect([...new Set(actions)].sort()).toEqual(['ssm:GetParameters', 'ssm:PutParameter']);
  });

  test('the role of the rollout handlers names its policies, which therefore exist before it', () => {
    expect(managedPolicies(template, 'WorkloadRolloutRole')).toHaveLength(1);
    for (const policy of managedPolicies(template, 'WorkloadRolloutRole')) {
      expect(policy).not.toHaveProperty('Roles');
    }
  });

  test('only actions that cannot be limited to resources are allowed on all', () => {
    const all = ['WorkloadRolloutRole', 'WorkloadCodeDeployRole', 'WorkloadNeverPromoteRole', 'WorkloadPublisherRole'];
    const wide = all.flatMap((role) => statements(template, role)).filter(({ Resource }) => Resource === '*');
    expect(wide.flatMap(({ Action }) => Action).sort()).toEqual([
      'cloudwatch:DescribeAlarms',
      'cloudwatch:DescribeAlarms',
      'codedeploy:StopDeployment',
    ]);
  });

  test('CodeDeploy may move the alias and call the hook', () => {
    const role = statements(template, 'WorkloadCodeDeployRole');
    const [{ Resource }] = allowing(role, 'lambda:InvokeFunction');
    expect(JSON.stringify(Resource)).toContain('function:orders-production-never-promote"');
    const arn = { 'Fn::GetAtt': [logicalId(handler), 'Arn'] };
    expect(allowing(role, 'lambda:UpdateAlias')[0].Resource).toEqual([arn, { 'Fn::Join': ['', [arn, ':*']] }]);
  });

  test('the provider may delete versions, never the function', () => {
    const arn = { 'Fn::GetAtt': [logicalId(handler), 'Arn'] };
    template.hasResourceProperties('AWS::IAM::RolePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Effect: 'Allow', Action: 'lambda:DeleteFunction', Resource: { 'Fn::Join': ['', [arn, ':*']] } },
        ]),
      },
    });
  });

  test('the provider may create an alias, and neither move nor delete one', () => {
    const policies = Object.values(template.findResources('AWS::IAM::RolePolicy'));
    const all = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
    expect(all.flatMap(({ Action }) => Action)).toEqual([
      'lambda:CreateAlias',
      'lambda:GetAlias',
      'lambda:GetFunctionConfiguration',
      'lambda:ListAliases',
      'lambda:ListVersionsByFunction',
      'lambda:PublishVersion',
      'lambda:DeleteFunction',
    ]);
  });

  test('nobody may touch a function that is not of the workload', () => {
    const roles = { ...template.findResources('AWS::IAM::Role'), ...template.findResources('AWS::IAM::RolePolicy') };
    expect(JSON.stringify(roles)).not.toContain(`"${logicalId(secondary)}"`);
  });

  test('no managed policies of AWS', () => {
    const own = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('Workload'));
    expect(own).toHaveLength(5);
    const managed = own.flatMap(([, { Properties }]) => Properties.ManagedPolicyArns ?? []);
    expect(managed).toEqual(Object.keys(template.findResources('AWS::IAM::ManagedPolicy')).map((Ref) => ({ Ref })));
  });
});

test('staging records no stable version: nobody rolls it back by hand', () => {
  const { stack } = environment(STAGING);
  Workload.lambdas({ handler: fn(stack) });
  expect(allowing(statements(Template.fromStack(stack), 'WorkloadRolloutRole'), 'ssm:PutParameter')).toEqual([]);
});

test('staging has no hook, and CodeDeploy may not call one', () => {
  const { stack } = environment(STAGING);
  Workload.lambdas({ handler: fn(stack) });
  const role = statements(Template.fromStack(stack), 'WorkloadCodeDeployRole');
  expect(allowing(role, 'lambda:InvokeFunction')).toEqual([]);
});

describe('the largest workload with the longest names', () => {
  const service = 's'.repeat(30);
  const MAX_FUNCTIONS = 12;
  const key = (at: number) => `k${String(at).padStart(31, '0')}`;

  function templateIn(region: string, production: Environment['production']): Template {
    const { stage } = environment({ ...PRODUCTION, service, region, name: region, production });
    const stack = new Stack(stage, 'long');
    const functions = Array.from({ length: MAX_FUNCTIONS }, (_, at) => [
      key(at),
      fn(stack, `F${at}`, { functionName: `f${String(at).padStart(63, '0')}` }),
    ]);
    Workload.lambdas(Object.fromEntries(functions));
    return Template.fromStack(stack);
  }

  /** Length of the documents as CloudFormation resolves them, in the partition with the longest name. */
  const lengthOf = (policies: readonly Policy[], region: string): number => {
    const documents = policies.map(({ PolicyDocument }) => JSON.stringify(PolicyDocument)).join('');
    const partition = 'aws-us-gov';
    const arn = `arn:${partition}:lambda:${region}:333333333333:function:${'f'.repeat(64)}`;
    return resolved(documents, arn, partition).length;
  };

  // Those with the longest names first.
  const regions = [
    ...[1, 2, 3, 4, 5, 6, 7].map((at) => `ap-southeast-${at}`),
    ...[1, 2, 3].map((at) => `ap-northeast-${at}`),
    ...['eu-central-1', 'eu-central-2', 'me-central-1', 'mx-central-1', 'il-central-1', 'ca-central-1'],
    ...['eu-north-1', 'eu-south-1', 'us-east-1', 'us-west-2'],
  ];

  describe.each([
    ['1 region', regions.slice(0, 1)],
    ['20 regions', regions],
  ])('in %s', (_what, of) => {
    const production = of.map((region) => ({ account: '333333333333', region }));
    const templates = of.map((region) => [region, templateIn(region, production)] as const);

    test("fits into IAM's 10,240 characters for all inline policies of a role", () => {
      const roles = ['RolloutRole', 'CodeDeployRole', 'NeverPromoteRole'].map((role) => `Workload${role}`);
      const lengths = templates.flatMap(([region, template]) =>
        roles.map((role) => lengthOf(roleOf(template, role).Policies, region)),
      );
      expect(Math.max(...lengths)).toBeGreaterThan(6_000);
      expect(Math.max(...lengths)).toBeLessThan(10_240);
    });

    test("fits into IAM's 6,144 characters for a managed policy, of which a role has at most 10", () => {
      const policies = templates.map(([, template]) => managedPolicies(template, 'WorkloadRolloutRole'));
      const lengths = templates.flatMap(([region], at) => policies[at].map((policy) => lengthOf([policy], region)));
      expect(Math.max(...policies.map(({ length }) => length))).toBeLessThanOrEqual(10);
      expect(Math.max(...lengths)).toBeGreaterThan(3_500);
      expect(Math.max(...lengths)).toBeLessThan(6_144);
    });

    test('gets the exact names of its parameters, in its account and region', () => {
      for (const [region, template] of templates) {
        const all = statements(template, 'WorkloadRolloutRole');
        const arn = (at: number) =>
          `arn:aws:ssm:${region}:333333333333:parameter/deployment-pipeline/${service}/production/${key(at)}`;
        const published = Array.from({ length: MAX_FUNCTIONS }, (_, at) => arn(at));
        const stables = published.map((each) => `${each}/stable`);
        expect(resources(allowing(all, 'ssm:PutParameter'))).toEqual(stables);
        expect(resources(allowing(all, 'ssm:GetParameters')).sort()).toEqual([...published, ...stables].sort());
      }
    });

    test('gets no parameter by a wildcard', () => {
      const found = templates.flatMap(([, template]) =>
        statements(template, 'WorkloadRolloutRole')
          .map((each) => JSON.stringify(each))
          .filter((each) => each.includes('ssm:') && each.includes('*')),
      );
      expect(found).toEqual([]);
    });
  });
});
