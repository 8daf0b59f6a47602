import { publish } from '../aws/sns';
import { errorText } from '../core/error-text';
import { logLine } from '../core/log';
import { composeWithLink } from './compose-message';
import type { Notice } from './message';

/** Notifies the team, and returns true on success. A failure is only logged: the event has happened all the same. */
export async function announce(notice: Notice): Promise<boolean> {
  try {
    const { TOPIC_ARN: topicArn } = process.env;
    if (!topicArn) throw new Error("TOPIC_ARN is not set: it must name the team's topic");
    await publish(topicArn, composeWithLink(notice));
    return true;
  } catch (error) {
    const { kind, executionId } = notice;
    logLine({ message: kind, executionId, reason: `the team was not notified: ${errorText(error)}` });
    return false;
  }
}
