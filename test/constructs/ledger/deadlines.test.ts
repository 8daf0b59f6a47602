import { Match } from 'aws-cdk-lib/assertions';
import { PIPELINE_ENV, synthesize } from '../../helpers/fixture';

const { template } = synthesize();
const MACHINE = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':states:us-west-2:111111111111:stateMachine:shop-rollout']],
};
const SCHEDULES = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':scheduler:us-west-2:111111111111:schedule/shop-deadlines/*']],
};
const [[role]] = Object.entries(
  template.findResources('AWS::IAM::Role', { Properties: { Description: 'Rolls back releases of shop that hang' } }),
);
const queue = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ShopUndelivered'), 'Arn'] };

test('a pipeline has a group of schedules of its own', () => {
  template.hasResourceProperties('AWS::Scheduler::ScheduleGroup', { Name: 'shop-deadlines' });
});

test('deadlines may start this machine, queue undelivered orders, and nothing else; for this account alone', () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    Description: 'Rolls back releases of shop that hang',
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'scheduler.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': PIPELINE_ENV.account } },
        },
      ],
    },
    Policies: [
      {
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Action: 'states:StartExecution', Resource: MACHINE },
            { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue },
          ],
        },
      },
    ],
  });
});

interface Statement {
  readonly Action: string | readonly string[];
}

/** Lists the permissions of handlers' roles with Scheduler, and the roles that they may pass. */
const permissionsOf = (prefix: string): readonly Statement[] =>
  Object.entries(template.findResources('AWS::IAM::Role'))
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, { Properties }]) => Properties.Policies)
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }: Statement) => /scheduler:|iam:/.test([Action].flat().join()));

test('the rollout handlers set and delete schedules of the group, and pass on that role to Scheduler alone', () => {
  expect(permissionsOf('ShopRolloutHandlerRole')).toEqual([
    { Effect: 'Allow', Action: ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule'], Resource: SCHEDULES },
    {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: { 'Fn::GetAtt': [role, 'Arn'] },
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    },
    { Effect: 'Allow', Action: 'scheduler:DeleteSchedule', Resource: SCHEDULES },
  ]);
});

test('the ledger may only delete deadlines', () => {
  expect(permissionsOf('ShopLedgerRole')).toEqual([
    { Effect: 'Allow', Action: 'scheduler:DeleteSchedule', Resource: SCHEDULES },
  ]);
});

test.each([
  ['starts the deployments of a rollout', true],
  ['records in the ledger what the environments have published', true],
  ['returns all regions to the stable revision', false],
])('the handler that %s knows the group', (does, sets) => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Description: `Rollouts of shop: ${does}`,
    Environment: {
      Variables: {
        DEADLINE_GROUP: 'shop-deadlines',
        ...(sets && {
          DEADLINE_ROLE_ARN: { 'Fn::GetAtt': [role, 'Arn'] },
          DEADLINE_QUEUE_ARN: queue,
          MACHINE_ARN: MACHINE,
        }),
      },
    },
  });
});
