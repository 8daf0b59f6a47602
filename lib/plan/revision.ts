import { json, mapOf, object, type Reader, record, type Shape, ShapeError, schema, text, texts } from '../core/shape';
import { WORKLOAD_KINDS } from './kinds';

/** Reads the name of one of these kinds. */
export const kindIn =
  (kinds: readonly string[]): Reader<string> =>
  (value, at) =>
    parseKind(value, at, kinds);

const revisionIn = (kinds: readonly string[]) => texts({ kind: kindIn(kinds) });

/**
 * Immutable build of a workload. All of its fields are texts, and together they identify it. Only the files of its kind
 * read them; all other code compares revisions and shows them.
 */
export type Revision = Shape<ReturnType<typeof revisionIn>>;

const address = mapOf(text);

/** Physical names of a target, which exist only after its deployment. Only the files of its kind read them. */
export type Address = Shape<typeof address>;

const publishedIn = (kinds: readonly string[]) =>
  object({ revision: (value, at) => parseRevision(value, at, kinds), address });

/** Report of an environment about one target, as JSON, in its SSM parameter: the candidate, and its address. */
export type Published = Shape<ReturnType<typeof publishedIn>>;

/** Schema number of the parameter. */
const PUBLISHED_SCHEMA = 1;
const publishedSchema = schema(PUBLISHED_SCHEMA, 'deploy the environment and the pipeline with the same version');

export function sameRevision(a: Revision | undefined, b: Revision | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  return (
    left.length === right.length && left.every(([name, value]) => right.some(([n, v]) => n === name && v === value))
  );
}

/** Formats a revision for a message: `version 7`, or `task definition orders:7`. */
export const showRevision = (revision: Revision): string =>
  fieldsOf(revision)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${value}`)
    .join(', ');

const fieldsOf = (revision: Revision): [string, string][] => Object.entries(revision);

/** Reads a revision of a kind that this version rolls out. The kind checks its fields. */
export function parseRevision(value: unknown, at: string, kinds: readonly string[] = WORKLOAD_KINDS): Revision {
  const revision = revisionIn(kinds)(value, at);
  if (Object.keys(revision).length > 1) return revision;
  throw new ShapeError(`${at} must say which revision it is, but has only a kind`);
}

export function parseKind(value: unknown, at: string, kinds: readonly string[] = WORKLOAD_KINDS): string {
  const kind = text(value, at);
  if (kinds.includes(kind)) return kind;
  throw new ShapeError(
    `${at} must be ${kinds.join(' or ')}, but is "${kind}": a newer version of the pipeline wrote it; use that version`,
  );
}

/** Reads a published revision from the ledger. */
export function parsePublished(value: unknown, at: string, kinds: readonly string[] = WORKLOAD_KINDS): Published {
  return publishedIn(kinds)(value, at);
}

/** Reads the SSM parameter in which an environment reports one target. */
export function parsePublishedParameter(
  source: string,
  at: string,
  kinds: readonly string[] = WORKLOAD_KINDS,
): Published {
  const value = record(json(source, at), at);
  publishedSchema(value.schema, `${at}.schema`);
  return parsePublished(value, at, kinds);
}

/** Formats the value of the SSM parameter. Values that exist only after a deployment may be tokens. */
export const publishedJson = ({ revision, address }: Published): object => ({
  schema: PUBLISHED_SCHEMA,
  revision,
  address,
});
