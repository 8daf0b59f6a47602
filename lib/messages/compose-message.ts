import { compose, type SnsMessage } from './compose';
import { executionLink } from './console-link';
import type { Telling } from './message';

/** A message with the link to its release: the pipeline has the service's name, and is in this handler's region. */
export function composeWithLink(telling: Telling): SnsMessage {
  const { AWS_REGION: region } = process.env;
  if (!region) throw new Error('AWS_REGION is not set: this code runs as a Lambda function');
  return compose({ ...telling, link: executionLink(region, telling.service, telling.executionId) });
}
