import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CLIENT_CONFIG } from '../aws/client-config';
import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import { composeWithLink } from './compose-message';
import type { Notice } from './message';

let client: SNSClient | undefined;

/** Notifies the team, and returns true on success. A failure is only logged: the event has happened all the same. */
export async function announce(notice: Notice): Promise<boolean> {
  try {
    const { TOPIC_ARN: TopicArn } = process.env;
    if (!TopicArn) throw new Error("TOPIC_ARN is not set: it must name the team's topic");
    client ??= new SNSClient(CLIENT_CONFIG);
    const { subject: Subject, body: Message } = composeWithLink(notice);
    await client.send(new PublishCommand({ TopicArn, Subject, Message, MessageStructure: 'json' }));
    return true;
  } catch (error) {
    const { kind, executionId } = notice;
    logLine({ message: kind, executionId, reason: `the team was not notified: ${errorText(error)}` });
    return false;
  }
}
