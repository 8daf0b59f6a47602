import { Aws, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { MicroserviceDeploymentPipeline } from '../../../constructs';
import { allows, BREAK_GLASS_ROLE, GRANTS, type Granted, grantedPolicies, partsOf, roleOf } from '../../e2e/granted';
import { TABLE } from '../../e2e/local-pipeline';
import { PIPELINE, SERVICE } from '../../e2e/plan';
import { PIPELINE_ENV, pipelineProps, testApp } from '../../helpers/fixture';
import type { Call } from '../../local-aws/call';

/** Grants, without the calls of the commands rollback, hold and resume, which test/e2e/grants.test.ts tests. */
const GRANTED = grantedPolicies();

/** A call as a person makes it, by the name of its action. */
function callOf(grant: Granted, action: string, input: Call['input']): Call {
  const [service, operation] = action.split(':');
  return { service, operation, ...PIPELINE, principal: roleOf(grant), input, caller: '', invocation: '', at: 0 };
}

const MACHINE = `arn:aws:states:${PIPELINE.region}:${PIPELINE.account}:stateMachine`;
const item = (pk: string) => ({ TableName: TABLE, Key: { pk: { S: pk } } });
const stage = (stageName: string, pipelineName = SERVICE) => ({ pipelineName, stageName });
const parameter = (name: string, service = SERVICE) => ({ Name: `/deployment-pipeline/${service}/${name}` });

describe('a grant allows what people do without the command line:', () => {
  test.each<[Granted, string, Call['input']]>([
    ['grantRollback', 'states:StartExecution', { stateMachineArn: `${MACHINE}:orders-rollout` }],
    ['grantFreeze', 'ssm:PutParameter', parameter('freeze')],
    ['grantFreeze', 'ssm:GetParameter', parameter('freeze')],
    ['grantFreeze', 'ssm:DeleteParameter', parameter('freeze')],
    ['grantBreakGlass', 'sts:AssumeRole', { RoleArn: BREAK_GLASS_ROLE }],
    ['grantBreakGlass', 'codepipeline:ListPipelineExecutions', { pipelineName: SERVICE }],
    ['grantBreakGlass', 'codepipeline:RetryStageExecution', stage('Canary')],
    ['grantBreakGlass', 'codepipeline:RetryStageExecution', stage('Production')],
  ])('%s %s %j', (grant, action, input) => {
    expect(allows(GRANTED[grant], callOf(grant, action, input))).toBe(true);
  });

  test.each<[Granted, number]>([
    ['grantFreeze', 3],
    ['grantBreakGlass', 4],
  ])('%s, and nothing else: %i permissions', (grant, count) => {
    expect(partsOf(GRANTED[grant])).toHaveLength(count);
  });
});

describe('a grant does not allow', () => {
  test.each<[Granted, string, Call['input']]>([
    ['grantRollback', 'states:StartExecution', { stateMachineArn: `${MACHINE}:orders-rollout-leg` }],
    ['grantRollback', 'states:StartExecution', { stateMachineArn: `${MACHINE}:parcels-rollout` }],
    ['grantRollback', 'dynamodb:DeleteItem', item('hold')],
    ['grantRollback', 'dynamodb:UpdateItem', item('break-glass#1')],
    ['grantRollback', 'dynamodb:PutItem', { TableName: TABLE, Item: { pk: { S: 'blocked#Canary' } } }],
    ['grantRollback', 'dynamodb:GetItem', { ...item('holder'), TableName: 'parcels-ledger' }],
    ['grantRollback', 'dynamodb:Query', { TableName: TABLE }],
    ['grantRollback', 'codepipeline:EnableStageTransition', stage('Production')],
    ['grantRollback', 'codepipeline:EnableStageTransition', stage('Canary', 'parcels')],
    ['grantRollback', 'codepipeline:RetryStageExecution', stage('Canary')],
    ['grantRollback', 'ssm:PutParameter', parameter('freeze')],
    ['grantRollback', 'sts:AssumeRole', { RoleArn: 'arn:aws:iam::222222222222:role/operator' }],
    ['grantHold', 'states:StartExecution', { stateMachineArn: `${MACHINE}:orders-rollout` }],
    ['grantHold', 'dynamodb:UpdateItem', item('release#e-1')],
    ['grantHold', 'dynamodb:DeleteItem', item('holder')],
    ['grantHold', 'dynamodb:PutItem', { TableName: TABLE, Item: { pk: { S: 'holder' } } }],
    ['grantHold', 'codepipeline:DisableStageTransition', stage('Staging')],
    ['grantFreeze', 'ssm:PutParameter', parameter('freeze', 'parcels')],
    ['grantFreeze', 'ssm:PutParameter', { Name: '/deployment-pipeline/freeze' }],
    ['grantFreeze', 'ssm:PutParameter', parameter('break-glass')],
    ['grantFreeze', 'ssm:PutParameter', parameter('load-test')],
    ['grantBreakGlass', 'ssm:PutParameter', parameter('break-glass')],
    ['grantBreakGlass', 'sts:AssumeRole', { RoleArn: `${BREAK_GLASS_ROLE}-other` }],
    ['grantBreakGlass', 'codepipeline:RetryStageExecution', stage('Staging')],
    ['grantBreakGlass', 'codepipeline:RetryStageExecution', stage('Canary', 'parcels')],
  ])('%s %s %j', (grant, action, input) => {
    expect(allows(GRANTED[grant], callOf(grant, action, input))).toBe(false);
  });
});

const GLASS = (stack: Stack) => ({
  breakGlass: { role: new iam.Role(stack, 'Sos', { assumedBy: new iam.AccountPrincipal(stack.account) }) },
});

function pipelineIn(overrides: (stack: Stack) => object = () => ({})) {
  const stack = new Stack(testApp(), 'Pipelines', { env: PIPELINE_ENV });
  const props = pipelineProps(overrides(stack));
  return { stack, props, pipeline: new MicroserviceDeploymentPipeline(stack, 'Shop', props) };
}

describe.each(GRANTS)('%s', (grant) => {
  const { stack, pipeline } = pipelineIn(GLASS);

  test('is made to a user, too', () => {
    const { success } = pipeline[grant](new iam.User(stack, `User-${grant}`));
    expect(success).toBe(true);
  });

  test('leaves alone the policies of an imported role that must not change', () => {
    const arn = `arn:aws:iam::${PIPELINE_ENV.account}:role/imported-${grant}`;
    const imported = iam.Role.fromRoleArn(stack, `Imported-${grant}`, arn, { mutable: false });
    expect(() => pipeline[grant](imported)).not.toThrow();
  });

  test.each<[string, (scope: Stack) => iam.IGrantable, string]>([
    [
      'a role of another account',
      (scope) => iam.Role.fromRoleArn(scope, `Other-${grant}`, 'arn:aws:iam::999999999999:role/on-call'),
      'the grantee is of account 999999999999, but the pipeline is in 111111111111: grant it to a role of that account, which others may assume',
    ],
    ['another account', () => new iam.AccountPrincipal('999999999999'), 'the grantee is of account 999999999999'],
    [
      'a service',
      () => new iam.ServicePrincipal('ec2.amazonaws.com'),
      'has no policy that could be extended: grant it to a role or a user',
    ],
    [
      'an account that is not known',
      () => new iam.AccountPrincipal(Aws.ACCOUNT_ID),
      'has no policy that could be extended: grant it to a role or a user',
    ],
    ['nobody', () => undefined as unknown as iam.IGrantable, 'the grantee is missing: give it a role or a user'],
  ])('is not made to %s', (_what, grantee, message) => {
    expect(() => pipeline[grant](grantee(stack))).toThrow(`${grant}: `);
    expect(() => pipeline[grant](grantee(new Stack()))).toThrow(message);
  });
});

test('grantBreakGlass is not made where nobody may override the gates', () => {
  const { stack, pipeline } = pipelineIn();
  const role = new iam.Role(stack, 'OnCall', { assumedBy: new iam.AccountPrincipal(stack.account) });
  expect(() => pipeline.grantBreakGlass(role)).toThrow(
    'grantBreakGlass: the pipeline has no breakGlass, so nobody may override its gates: set breakGlass: { role } first',
  );
});

test('grantBreakGlass lets the role itself find and retry releases, and nobody assume it', () => {
  const { stack, props, pipeline } = pipelineIn(GLASS);
  pipeline.grantBreakGlass(props.breakGlass?.role as iam.IRole);
  const [policy] = Object.values(
    Template.fromStack(stack).findResources('AWS::IAM::Policy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Sos') }] },
    }),
  );
  const actions = policy.Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: unknown }) => Action);
  expect(actions.toSorted()).toEqual([
    'codepipeline:ListPipelineExecutions',
    'codepipeline:RetryStageExecution',
    'ssm:GetParameter',
    'ssm:PutParameter',
  ]);
});
