import { fitText, shortCommit } from '../core/fit';
import { type Message, wordsOf } from './message';

/** A message as SNS takes it, with `MessageStructure` set to `json`. */
export interface SnsMessage {
  readonly subject: string;
  /** JSON: the text for the subscribers of each protocol. */
  readonly body: string;
}

/** "Less than 100 characters" (API reference of SNS, Publish). */
const MAX_SUBJECT = 99;

/** Maximum characters of a reason for people; all protocols together stay far below the 256 KB of SNS. */
const MAX_WHY = 1_500;
const MAX_WHERE = 500;

/** Maximum characters of a text message in one part. */
const MAX_SMS = 140;

/** Protocols whose subscribers are programs. */
const PROGRAMS = ['sqs', 'lambda', 'http', 'https', 'firehose'];

/** Composes a text for people, and the same as JSON for programs. */
export function compose(message: Message): SnsMessage {
  const { kind, service, executionId, commit, rollout, where, link } = message;
  const { title, toDo } = wordsOf(message);
  const why = fitText(message.why, MAX_WHY);
  const text = [
    `${service}: ${title}`,
    '',
    `Where: ${fitText(where.join(', '), MAX_WHERE)}`,
    `Why: ${why}`,
    `Commit: ${commit ?? 'unknown'}`,
    `Release: ${executionId}`,
    `To do: ${toDo}`,
    '',
    link,
  ].join('\n');
  const json = JSON.stringify({ schema: 1, kind, service, executionId, commit, rollout, where, why, toDo, link, text });
  const subject = subjectOf(`${service}: ${title}${commit ? ` (${shortCommit(commit)})` : ''}`);
  const body = {
    default: text,
    sms: fitText(`${subject}: ${why}`, MAX_SMS),
    ...Object.fromEntries(PROGRAMS.map((protocol) => [protocol, json])),
  };
  return { subject, body: JSON.stringify(body) };
}

/**
 * Reduces a text to one line of printable ASCII: SNS refuses line breaks and control characters, mail programs garble
 * others.
 */
const subjectOf = (text: string): string => fitText(text.replace(/[^\x20-\x7e]+/g, ' '), MAX_SUBJECT, { mark: '...' });
