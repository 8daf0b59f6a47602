import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CLIENT_CONFIG } from './client-config';

/** Message to a topic. */
export interface TopicMessage {
  readonly subject: string;
  /** JSON object with the text of each protocol. */
  readonly body: string;
}

let client: SNSClient | undefined;

/** Publishes a message to a topic of the handler's own account and region. */
export async function publish(topicArn: string, { subject, body }: TopicMessage): Promise<void> {
  client ??= new SNSClient(CLIENT_CONFIG);
  await client.send(
    new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: body, MessageStructure: 'json' }),
  );
}
