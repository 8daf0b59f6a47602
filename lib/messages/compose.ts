import { fitText, shortCommit } from '../core/fit';
import { type Message, wordsOf } from './message';

/** A message as SNS takes it, with `MessageStructure` set to `json`. */
export interface SnsMessage {
  readonly subject: string;
  /** JSON: by protocol, what its subscribers get. */
  readonly body: string;
}

/** "Less than 100 characters" (API reference of SNS, Publish). */
const MAX_SUBJECT = 99;

/** A text is for a person; all protocols together stay far below the 256 KB of SNS. */
const MAX_WHY = 1_500;
const MAX_WHERE = 500;

/** One part of a text message. */
const MAX_SMS = 140;

/** Protocols whose subscribers are programs. */
const PROGRAMS = ['sqs', 'lambda', 'http', 'https', 'firehose'];

/** A text for people, and the same as JSON for programs. */
export function compose(message: Message): SnsMessage {
  const { kind, service, executionId, commit, rollout, where, link } = message;
  const { title, toDo } = wordsOf(message);
  const why = fitText(message.why, MAX_WHY);
  const text = [
    `${service}: ${title}`,
    '',
    `Where: ${fitText(where.join(', '), MAX_WHERE)}`,
    `Why: ${why}`,
    `Commit: ${commit ?? 'not known'}`,
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

/** Printable ASCII on one line: SNS refuses line breaks and control characters, and mail programs garble others. */
const subjectOf = (text: string): string => fitText(text.replace(/[^\x20-\x7e]+/g, ' '), MAX_SUBJECT, { mark: '...' });
