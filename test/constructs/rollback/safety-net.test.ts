import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../helpers/fixture';

const { template } = synthesize();

const only = (type: string, properties: object = {}): string => {
  const found = Object.entries(template.findResources(type, { Properties: properties }));
  expect(found).toHaveLength(1);
  return found[0][0];
};
const machine = only('AWS::StepFunctions::StateMachine', { StateMachineName: 'shop-rollout' });

interface Action {
  readonly ActionTypeId: { readonly Provider: string };
  readonly Configuration: { readonly ExecutionNamePrefix?: string };
}

/** Target of a rule. The rules of the safety net have a queue for undelivered orders. */
interface Target {
  readonly Arn: object;
  readonly RoleArn: { readonly 'Fn::GetAtt': readonly [string, 'Arn'] };
  readonly DeadLetterConfig?: { readonly Arn: { readonly 'Fn::GetAtt': readonly [string, 'Arn'] } };
}
const targets = Object.values(template.findResources('AWS::Events::Rule')).flatMap(
  ({ Properties }) => Properties.Targets as Target[],
);
const ofMachine = targets.filter(({ Arn }) => JSON.stringify(Arn) === JSON.stringify({ Ref: machine }));

describe('the rule of the safety net', () => {
  test('matches the bad ends of stages, executions and machines', () => {
    const [pipeline, stateMachineArn] = [['shop'], [{ Ref: machine }]];
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.codepipeline', 'aws.states'],
        'detail-type': [
          'CodePipeline Stage Execution State Change',
          'CodePipeline Pipeline Execution State Change',
          'Step Functions Execution Status Change',
        ],
        detail: {
          $or: [
            { pipeline, stage: [{ exists: true }], state: ['FAILED', 'STOPPED', 'CANCELED'] },
            {
              pipeline,
              stage: [{ exists: false }],
              state: ['STOPPING', 'STOPPED', 'SUPERSEDED', 'CANCELED', 'FAILED'],
            },
            { stateMachineArn, status: ['FAILED', 'TIMED_OUT', 'ABORTED'], name: [{ prefix: 'rollout-' }] },
            { stateMachineArn, status: ['TIMED_OUT', 'ABORTED'], name: [{ 'anything-but': { prefix: 'rollout-' } }] },
          ],
        },
      },
      State: 'ENABLED',
    });
  });

  test('knows the executions of rollouts by the prefix that CodePipeline gives them', () => {
    const [{ Properties }] = Object.values(template.findResources('AWS::CodePipeline::Pipeline'));
    const actions = (Properties.Stages as { Actions: Action[] }[])
      .flatMap(({ Actions }) => Actions)
      .filter(({ ActionTypeId }) => ActionTypeId.Provider === 'StepFunctions');
    expect(actions.length).toBeGreaterThan(4);
    // CodePipeline adds the hyphen.
    expect(new Set(actions.map(({ Configuration }) => Configuration.ExecutionNamePrefix))).toEqual(
      new Set(['rollout']),
    );
  });

  test('starts the rollout machine, with a role that may do nothing else', () => {
    expect(ofMachine).toHaveLength(1);
    const roles = new Set(ofMachine.map(({ RoleArn }) => RoleArn['Fn::GetAtt'][0]));
    expect(roles.size).toBe(1);
    const [role] = roles;
    expect(template.toJSON().Resources[role].Properties).not.toHaveProperty('Policies');
    expect(template.toJSON().Resources[role].Properties).not.toHaveProperty('ManagedPolicyArns');
    const policies = Object.values(
      template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: role }] } }),
    );
    expect(policies.map(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual([
      [{ Action: 'states:StartExecution', Effect: 'Allow', Resource: { Ref: machine } }],
    ]);
  });

  test('keeps what could not be delivered, in an encrypted queue with an alarm', () => {
    const queue = only('AWS::SQS::Queue');
    expect(ofMachine.map(({ DeadLetterConfig }) => DeadLetterConfig?.Arn['Fn::GetAtt'][0])).toEqual([queue]);
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      TreatMissingData: 'notBreaching',
    });
  });
});

test('the machine may stop executions of its own, and of its legs, alone', () => {
  const policies = Object.values(template.findResources('AWS::IAM::Role')).flatMap(
    ({ Properties }) => (Properties.Policies ?? []) as { PolicyDocument: { Statement: Statement[] } }[],
  );
  const stopping = policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().includes('states:StopExecution'))
    .map(({ Resource }) => JSON.stringify(Resource).replace(/.*(execution:[^"]*).*/, '$1'));
  expect(stopping.sort()).toEqual(['execution:shop-rollout-leg:*', 'execution:shop-rollout:*']);
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

test('the stack prints the command that rolls a release back', () => {
  const [{ Value, Description }] = Object.entries(template.findOutputs('*'))
    .filter(([id]) => id.includes('RollbackCommand'))
    .map(([, output]) => output);
  expect(Description).toBe(
    'Rolls back the release of shop with this execution of the pipeline, and holds the pipeline',
  );
  const [before, arn, after] = Value['Fn::Join'][1];
  expect(before).toBe('aws stepfunctions start-execution --region us-west-2 --state-machine-arn ');
  expect(arn).toEqual({ Ref: machine });
  const [, input] = /^ --input '(.*)'$/.exec(after) ?? [];
  expect(JSON.parse(input)).toEqual({
    rollback: true,
    executionId: '<execution>',
    by: '<your name>',
    because: '<why>',
  });
});
