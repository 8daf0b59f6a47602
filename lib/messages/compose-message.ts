import { compose, type SnsMessage } from './compose';
import { executionLink } from './console-link';
import type { Notice } from './message';

/** Composes a message with the link to its release: the pipeline has the service's name, and is in this handler's region. */
export function composeWithLink(notice: Notice): SnsMessage {
  const { AWS_REGION: region } = process.env;
  if (!region) throw new Error('AWS_REGION is not set: this code runs as a Lambda function');
  return compose({ ...notice, link: executionLink(region, notice.service, notice.executionId) });
}
