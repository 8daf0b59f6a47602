import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Workload } from '../../../../constructs/workload/workload';
import { environment, fn, logicalId, PRODUCTION, STAGING } from './environment';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** The statements of the role whose logical id begins like that. */
function statements(template: Template, prefix: string): Statement[] {
  const found = Object.entries(template.findResources('AWS::IAM::Role')).find(([id]) => id.startsWith(prefix));
  return found?.[1].Properties.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
  );
}

const allowing = (all: Statement[], action: string): Statement[] =>
  all.filter(({ Action }) => (Array.isArray(Action) ? Action.includes(action) : Action === action));

describe('in production', () => {
  const { stack } = environment();
  const handler = fn(stack);
  const secondary = fn(stack, 'Bystander');
  Workload.lambdas({ handler });
  const template = Template.fromStack(stack);

  test('the rollout handlers are let in by the name of their role', () => {
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
    'ssm:GetParameters',
  ])('the rollout handlers may %s', (action) => {
    expect(allowing(statements(template, 'WorkloadRolloutRole'), action)).toHaveLength(1);
  });

  test('the rollout handlers deploy to the groups of this workload only', () => {
    const [{ Resource }] = allowing(statements(template, 'WorkloadRolloutRole'), 'codedeploy:CreateDeployment');
    expect(JSON.stringify(Resource)).toContain(
      ':codedeploy:eu-west-1:333333333333:deploymentgroup:orders-production-handler/orders-production-handler"',
    );
  });

  test('the rollout handlers write the stable versions of this service, and nothing else in Systems Manager', () => {
    const all = statements(template, 'WorkloadRolloutRole');
    const [{ Resource }] = allowing(all, 'ssm:PutParameter');
    expect(JSON.stringify(Resource)).toContain(
      ':ssm:eu-west-1:333333333333:parameter/deployment-pipeline/orders/production/*/stable"',
    );
    const written = all.flatMap(({ Action }) => [Action].flat()).filter((action) => /^ssm:(?!Get)/.test(action));
    expect(written).toEqual(['ssm:PutParameter']);
  });

  test('only what cannot be limited to resources is allowed on all', () => {
    const all = ['WorkloadRolloutRole', 'WorkloadCodeDeployRole', 'WorkloadNeverPromoteRole', 'WorkloadReleaseRole'];
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

  test('no managed policies', () => {
    const [own] = [Object.entries(template.findResources('AWS::IAM::Role'))].map((roles) =>
      roles.filter(([id]) => id.startsWith('Workload')),
    );
    expect(own).toHaveLength(5);
    for (const [, role] of own) {
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });
});

test('staging remembers no stable version: nobody rolls it back by hand', () => {
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

test("the largest workload with the longest names fits into IAM's 10,240 characters per role", () => {
  const service = 's'.repeat(30);
  const region = 'ap-southeast-2';
  const { stage } = environment({ ...PRODUCTION, service, region, name: region });
  const stack = new Stack(stage, 'long');
  const key = (at: number) => `k${String(at).padStart(31, '0')}`;
  const functions = Array.from({ length: 12 }, (_, at) => [
    key(at),
    fn(stack, `F${at}`, { functionName: `f${String(at).padStart(63, '0')}` }),
  ]);
  Workload.lambdas(Object.fromEntries(functions));
  const lengths = ['RolloutRole', 'CodeDeployRole', 'NeverPromoteRole'].map((role) => {
    const text = JSON.stringify(statements(Template.fromStack(stack), `Workload${role}`));
    // As CloudFormation will have resolved it: an ARN of the longest kind in place of each attribute.
    const arn = `arn:aws:lambda:${region}:333333333333:function:${'f'.repeat(64)}`;
    return text
      .replaceAll(/\{"Fn::GetAtt":\["F[^}]*\}/g, `"${arn}"`)
      .replaceAll('{"Ref":"AWS::Partition"}', '"aws"')
      .replaceAll(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_, parts: string) => `"${parts.replaceAll(/",?"?/g, '')}"`)
      .length;
  });
  expect(Math.max(...lengths)).toBeGreaterThan(6_000);
  expect(Math.max(...lengths)).toBeLessThan(10_240);
});
