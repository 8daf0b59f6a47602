import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { MicroserviceDeploymentPipeline } from '../../../constructs';
import { PIPELINE_ENV, pipelineProps, synthesize, testApp } from '../../helpers/fixture';

const { template } = synthesize();
const [[topic]] = Object.entries(template.findResources('AWS::SNS::Topic'));
const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ShopTeamKey'), 'Arn'] };
const OWN_ACCOUNT = { StringEquals: { 'aws:SourceAccount': PIPELINE_ENV.account } };

/** Statements of the policies of a role, by the beginning of its logical id. */
const statementsOf = (prefix: string): object[] =>
  Object.entries(template.findResources('AWS::IAM::Role'))
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, { Properties }]) => Properties.Policies.flatMap((policy: Policy) => policy.PolicyDocument.Statement));

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly object[] };
}

describe('the topic of a pipeline', () => {
  test('is one, encrypted with a key of its own that is rotated', () => {
    template.resourceCountIs('AWS::SNS::Topic', 1);
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: key, DisplayName: 'Releases of shop' });
    template.hasResourceProperties('AWS::KMS::Key', {
      Description: 'Messages about releases of shop',
      EnableKeyRotation: true,
    });
  });

  test('accepts messages over TLS only, and those of alarms of its account', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: { Ref: topic },
            Condition: OWN_ACCOUNT,
          },
        ],
      },
      Topics: [{ Ref: topic }],
    });
  });

  test('has a key that alarms of its account may use to publish', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      Description: 'Messages about releases of shop',
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
            Condition: OWN_ACCOUNT,
          },
        ]),
      },
    });
  });

  test('gets messages from the machine and from the ledger, which may do nothing else with it', () => {
    for (const role of ['ShopRolloutMachineRole', 'ShopLedgerRole']) {
      const about = statementsOf(role).filter((statement) => /sns:|kms:/.test(JSON.stringify(statement)));
      expect([role, about]).toEqual([
        role,
        [
          { Effect: 'Allow', Action: 'sns:Publish', Resource: { Ref: topic } },
          {
            Effect: 'Allow',
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ShopTeamKey/), 'Arn'] },
          },
        ],
      ]);
    }
  });

  test('gets the alarm on rollback orders that were not delivered', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('^A rollback of shop could not be started'),
      AlarmActions: [{ Ref: topic }],
    });
  });
});

describe('a team', () => {
  const stackOf = () => new Stack(testApp(), 'Pipelines', { env: PIPELINE_ENV });

  test('subscribes to the topic', () => {
    const stack = stackOf();
    const pipeline = new MicroserviceDeploymentPipeline(stack, 'Shop', pipelineProps());
    pipeline.topic.addSubscription(new EmailSubscription('shop@example.com'));
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'shop@example.com',
    });
  });

  test('brings a topic of its own, with its key', () => {
    const stack = stackOf();
    const masterKey = new kms.Key(stack, 'TeamKey');
    const own = new sns.Topic(stack, 'TeamTopic', { masterKey });
    const pipeline = new MicroserviceDeploymentPipeline(stack, 'Shop', pipelineProps({ topic: own }));
    expect(pipeline.topic).toBe(own);
    const made = Template.fromStack(stack);
    made.resourceCountIs('AWS::SNS::Topic', 1);
    made.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({ Principal: { Service: 'states.amazonaws.com' } })],
      }),
      Policies: [
        Match.objectLike({
          PolicyDocument: {
            Statement: Match.arrayWith([
              { Effect: 'Allow', Action: 'sns:Publish', Resource: { Ref: Match.stringLikeRegexp('^TeamTopic') } },
              {
                Effect: 'Allow',
                Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
                Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TeamKey'), 'Arn'] },
              },
            ]),
            Version: '2012-10-17',
          },
        }),
      ],
    });
  });

  test('is refused if it is a FIFO topic', () => {
    const stack = stackOf();
    const own = new sns.Topic(stack, 'TeamTopic', { fifo: true });
    expect(() => new MicroserviceDeploymentPipeline(stack, 'Shop', pipelineProps({ topic: own }))).toThrow(
      'topic is a FIFO topic, to which no alarm publishes and no person subscribes: give a standard topic',
    );
  });
});
