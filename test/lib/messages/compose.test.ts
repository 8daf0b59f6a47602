import { compose } from '../../../lib/messages/compose';
import { executionLink, machineLink } from '../../../lib/messages/console-link';
import type { Message, MessageKind } from '../../../lib/messages/message';

const LINK =
  'https://us-west-2.console.aws.amazon.com/codesuite/codepipeline/pipelines/orders/executions/e-1/visualization?region=us-west-2';

const REASON =
  'rolled back to commit beef in eu-west-1: canary: eu-west-1/http alarm orders-production-http-canary-errors: ' +
  'Threshold Crossed: 2 out of the last 3 datapoints [7.0 (20/11/26 10:00:00)] were greater than the threshold (5.0)';

const message = (kind: MessageKind, other: Partial<Message> = {}): Message => ({
  kind,
  service: 'orders',
  executionId: 'e-1',
  commit: 'c0ffee1234567890',
  rollout: 'Wave2',
  where: ['eu-west-1', 'us-east-1'],
  why: REASON,
  link: LINK,
  ...other,
});

const bodyOf = (given: Message): { readonly [protocol: string]: string } => JSON.parse(compose(given).body);

test.each<[MessageKind, string]>([
  ['STARTED', 'started'],
  ['BLOCKED', 'Wave2 blocked'],
  ['CANARY_PASSED', 'canary passed'],
  ['WAVE_DONE', 'Wave2 done'],
  ['COMPLETED', 'completed'],
  ['ROLLED_BACK', 'rolled back'],
  ['ROLLBACK_INCOMPLETE', 'rollback incomplete'],
  ['ABANDONED', 'ended before anything shifted'],
])('%s has a title, its places, the reason with both numbers, the commit, a cure, and a link', (kind, title) => {
  const given = message(kind);
  expect(compose(given).subject).toBe(`orders: ${title} (c0ffee123456)`);
  const lines = bodyOf(given).default.split('\n');
  expect(lines.slice(0, 6)).toEqual([
    `orders: ${title}`,
    '',
    'Where: eu-west-1, us-east-1',
    `Why: ${REASON}`,
    'Commit: c0ffee1234567890',
    'Release: e-1',
  ]);
  expect(lines[6]).toMatch(/^To do: .{20,}/);
  expect(lines.slice(7)).toEqual(['', LINK]);
});

test('programs get the same as JSON', () => {
  const body = bodyOf(message('ROLLED_BACK'));
  expect(Object.keys(body).sort()).toEqual(['default', 'firehose', 'http', 'https', 'lambda', 'sms', 'sqs']);
  const { toDo, text, ...json } = JSON.parse(body.sqs);
  expect(json).toEqual({
    schema: 1,
    kind: 'ROLLED_BACK',
    service: 'orders',
    executionId: 'e-1',
    commit: 'c0ffee1234567890',
    rollout: 'Wave2',
    where: ['eu-west-1', 'us-east-1'],
    why: REASON,
    link: LINK,
  });
  expect(text).toBe(body.default);
  expect(text).toContain(toDo);
  for (const protocol of ['lambda', 'http', 'https', 'firehose']) expect(body[protocol]).toBe(body.sqs);
});

test('a phone gets one short message', () => {
  const { sms } = bodyOf(message('ROLLED_BACK'));
  expect(sms).toHaveLength(140);
  expect(sms).toMatch(/^orders: rolled back \(c0ffee123456\): rolled back to commit beef in eu-west-1: canary: .*…$/);
});

test('the words of AWS are cut, so that every message is short', () => {
  const given = message('ROLLBACK_INCOMPLETE', { why: 'é'.repeat(100_000), where: Array(48).fill('ap-southeast-2') });
  expect(Buffer.byteLength(compose(given).body)).toBeLessThan(50_000);
  expect(bodyOf(given).default.length).toBeLessThan(3_000);
});

test('a subject is printable ASCII on one line, shorter than 100 characters', () => {
  const { subject } = compose(message('WAVE_DONE', { service: 'a'.repeat(30), rollout: 'W'.repeat(50) }));
  expect(subject).toHaveLength(99);
  expect(compose(message('STARTED', { commit: 'é\nü' })).subject).toBe('orders: started ( )');
});

test('a commit that could not be read is reported as unknown', () => {
  const given = message('ROLLBACK_INCOMPLETE', { commit: undefined });
  expect(compose(given).subject).toBe('orders: rollback incomplete');
  expect(bodyOf(given).default).toContain('\nCommit: unknown\n');
});

test.each([
  ['us-west-2', 'us-west-2.console.aws.amazon.com'],
  ['cn-north-1', 'cn-north-1.console.amazonaws.cn'],
  ['us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
  ['eusc-de-east-1', 'eusc-de-east-1.console.amazonaws-eusc.eu'],
])('the link leads to the console of the partition of %s', (region, host) => {
  expect(executionLink(region, 'orders', 'e-1')).toBe(
    `https://${host}/codesuite/codepipeline/pipelines/orders/executions/e-1/visualization?region=${region}`,
  );
  expect(machineLink(region, 'arn')).toBe(`https://${host}/states/home?region=${region}#/statemachines/view/arn`);
});
