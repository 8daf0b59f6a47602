import {
  parsePublished,
  parsePublishedParameter,
  parseRevision,
  publishedJson,
  type Revision,
  sameRevision,
  showRevision,
} from '../../../lib/plan/revision';

/** Later kinds: the fields that identify a revision differ from kind to kind. */
const KINDS = ['LAMBDA', 'ECS', 'SERVERS'];
const version = (number: string) => parseRevision({ kind: 'LAMBDA', version: number }, 'revision');
const revision = (fields: object): Revision => parseRevision(fields, 'revision', KINDS);

describe('two revisions', () => {
  test('are the same when all of their fields are equal', () => {
    expect(sameRevision(version('7'), version('7'))).toBe(true);
    const bundle = { kind: 'SERVERS', bundle: 'orders.zip', etag: 'c0ffee' };
    expect(sameRevision(revision(bundle), revision({ etag: 'c0ffee', bundle: 'orders.zip', kind: 'SERVERS' }))).toBe(
      true,
    );
  });

  test.each([
    ['another version', { kind: 'LAMBDA', version: '8' }],
    ['another kind', { kind: 'ECS', version: '7' }],
    ['a field more', { kind: 'LAMBDA', version: '7', alias: 'live' }],
  ])('differ with %s', (_name, other) => {
    expect(sameRevision(version('7'), revision(other))).toBe(false);
    expect(sameRevision(revision(other), version('7'))).toBe(false);
  });

  test('are not the same if one is unknown', () => {
    expect(sameRevision(undefined, undefined)).toBe(false);
    expect(sameRevision(version('7'), undefined)).toBe(false);
  });
});

test.each([
  [{ kind: 'LAMBDA', version: '7' }, 'version 7'],
  [{ kind: 'ECS', taskDefinition: 'orders:7' }, 'task definition orders:7'],
  [{ kind: 'SERVERS', bundle: 'orders.zip', etag: 'c0ffee' }, 'bundle orders.zip, etag c0ffee'],
])('%j is shown as %s', (fields, shown) => {
  expect(showRevision(revision(fields))).toBe(shown);
});

describe('the report of an environment', () => {
  const published = {
    revision: version('7'),
    address: { functionName: 'orders-api', alias: 'live' },
  };
  const text = (value: object): string => JSON.stringify({ ...publishedJson(published), ...value });

  test('is read from its parameter as it was written', () => {
    expect(parsePublishedParameter(JSON.stringify(publishedJson(published)), 'parameter p')).toEqual(published);
  });

  test('has no schema of its own in the ledger: the item has one', () => {
    expect(parsePublished(published, 'ledger')).toEqual(published);
  });

  test.each([
    ['not JSON', '{"schema": ', 'parameter p must be JSON, but is'],
    ['another schema', text({ schema: 2 }), 'parameter p.schema must be 1, but is 2: deploy the environment and'],
    ['no schema', text({ schema: undefined }), 'parameter p.schema must be 1, but is missing: deploy the'],
    [
      'another kind',
      text({ revision: { kind: 'ECS', taskDefinition: 'orders:7' } }),
      'parameter p.revision.kind must be LAMBDA, but is "ECS": a newer version of the pipeline wrote it; use that',
    ],
    [
      'a revision without a name',
      text({ revision: { kind: 'LAMBDA' } }),
      'parameter p.revision must say which revision',
    ],
    ['an address that is no text', text({ address: { alias: 7 } }), 'parameter p.address.alias must be a text'],
  ])('%s is an error', (_name, source, message) => {
    expect(() => parsePublishedParameter(source, 'parameter p')).toThrow(message);
  });

  test('an error shows only the beginning of a value that it could not read', () => {
    expect(() => parsePublishedParameter(`x${'secret'.repeat(100)}`, 'parameter p')).toThrow(/^.{0,140}$/s);
  });
});
