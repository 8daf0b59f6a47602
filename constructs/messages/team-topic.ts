import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface TeamTopicProps {
  readonly service: string;
  /** A topic of the team's own. @default - one is made, with a key */
  readonly topic?: sns.ITopic;
}

/** Refuses a topic to which the team could not subscribe. */
export function checkTopic(topic: sns.ITopic | undefined): void {
  if (topic?.fifo) {
    throw new Error(
      'topic is a FIFO topic, to which no alarm publishes and no person subscribes: give a standard topic',
    );
  }
}

/** Topic for messages to a service's team about its releases. */
export class TeamTopic extends Construct {
  readonly topic: sns.ITopic;

  constructor(scope: Construct, id: string, props: TeamTopicProps) {
    super(scope, id);
    this.topic = props.topic ?? this.encrypted(props.service);
  }

  /** Returns the permissions to send a message. */
  publishing(): iam.PolicyStatement[] {
    const { topicArn, masterKey } = this.topic;
    return [
      new iam.PolicyStatement({ actions: ['sns:Publish'], resources: [topicArn] }),
      ...(masterKey
        ? [
            new iam.PolicyStatement({
              actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
              resources: [masterKey.keyArn],
            }),
          ]
        : []),
    ];
  }

  /** Creates a topic with a key of its own: alarms may not use the one that SNS has for everybody. */
  private encrypted(service: string): sns.Topic {
    const { account } = Stack.of(this);
    const alarms = (actions: string[], resources: string[]) =>
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions,
        resources,
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      });
    const masterKey = new kms.Key(this, 'Key', {
      description: `Messages about releases of ${service}`,
      enableKeyRotation: true,
    });
    masterKey.addToResourcePolicy(alarms(['kms:Decrypt', 'kms:GenerateDataKey*'], ['*']));
    const topic = new sns.Topic(this, 'Topic', {
      displayName: `Releases of ${service}`,
      masterKey,
      enforceSSL: true,
    });
    // A topic policy replaces the default one, which lets alarms of the account publish.
    topic.addToResourcePolicy(alarms(['sns:Publish'], [topic.topicArn]));
    return topic;
  }
}
