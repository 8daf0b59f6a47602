import { AwsError, type Call, type Fields, required } from './call';
import type { VirtualClock } from './clock';
import type { Service } from './endpoint';
import { awsQuery } from './protocols';

/** Maximum size of a message in bytes (API reference, Publish). */
const MESSAGE_LIMIT = 262_144;

/** A message that was published to a topic. */
export interface PublishedMessage {
  readonly topicArn: string;
  readonly subject: string;
  /** Texts by protocol; a plain message has `default` alone. */
  readonly texts: { readonly [protocol: string]: string };
  /** Virtual time, in milliseconds. */
  readonly at: number;
}

/** Topics, which keep published messages and check them against the rules of the API. */
export class Sns implements Service {
  readonly name = 'sns';
  readonly protocol = awsQuery('http://sns.amazonaws.com/doc/2010-03-31/');
  /** All published messages, in their order. */
  readonly published: PublishedMessage[] = [];

  private readonly topics = new Set<string>();

  constructor(private readonly clock: VirtualClock) {}

  createTopic(arn: string): void {
    this.topics.add(arn);
  }

  handle(call: Call): Fields {
    if (call.operation !== 'Publish') {
      throw new AwsError('InvalidAction', `The action ${call.operation} is not valid for this web service.`);
    }
    const { input } = call;
    const topicArn = required(input, 'TopicArn', 'InvalidParameter');
    if (!this.topics.has(topicArn)) {
      throw new AwsError('NotFound', 'Topic does not exist', 404);
    }
    const message = required(input, 'Message', 'InvalidParameter');
    if (Buffer.byteLength(message) > MESSAGE_LIMIT) {
      throw invalid('Message too long');
    }
    const subject = String(input.Subject ?? '');
    if (!/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject)) {
      throw invalid(`Subject: ${JSON.stringify(subject)}`);
    }
    const texts = input.MessageStructure === 'json' ? byProtocol(message) : { default: message };
    this.published.push({ topicArn, subject, texts, at: this.clock.now() });
    return { MessageId: `message-${this.published.length}` };
  }
}

function byProtocol(message: string): { readonly [protocol: string]: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const texts = parsed as { readonly [protocol: string]: unknown };
  if (typeof texts.default !== 'string') {
    throw invalid('Message Structure - No default entry in JSON message body');
  }
  // Values other than strings are ignored.
  const strings = Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(strings);
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${message}`);
