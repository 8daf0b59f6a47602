import { json, type Reader, record, recordOf, ShapeError, schema, text } from '../core/shape';
import { WORKLOAD_KINDS } from './kinds';

/**
 * Immutable build of a workload. All of its fields are texts, and together they identify it. Only the files of its kind look
 * at them; everybody else compares revisions and shows them.
 */
export interface Revision {
  readonly kind: string;
}

/** Physical names of a target that only its deployment knows. Only the files of its kind look at them. */
export interface Address {
  readonly [name: string]: string;
}

/** What an environment reports about one target, as JSON, in its SSM parameter: the candidate, and where it is. */
export interface Published {
  readonly revision: Revision;
  readonly address: Address;
}

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

/** For a message: `version 7`, or `task definition orders:7`. */
export const showRevision = (revision: Revision): string =>
  fieldsOf(revision)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${value}`)
    .join(', ');

const fieldsOf = (revision: Revision): [string, string][] => Object.entries(revision);

/** Reads one of these kinds. */
export const kindIn =
  (kinds: readonly string[]): Reader<string> =>
  (value, at) =>
    parseKind(value, at, kinds);

/** Reads a revision of a kind that this version knows. What its fields must be, its kind checks. */
export function parseRevision(value: unknown, at: string, kinds: readonly string[] = WORKLOAD_KINDS): Revision {
  const fields = recordOf(value, at, text);
  const kind = parseKind(fields.kind, `${at}.kind`, kinds);
  if (Object.keys(fields).length === 1)
    throw new ShapeError(`${at} must say which revision it is, but has only a kind`);
  return { ...fields, kind };
}

export function parseKind(value: unknown, at: string, kinds: readonly string[] = WORKLOAD_KINDS): string {
  const kind = text(value, at);
  if (kinds.includes(kind)) return kind;
  throw new ShapeError(
    `${at} must be ${kinds.join(' or ')}, but is "${kind}": a newer version of the pipeline wrote it; use that version`,
  );
}

/** Reads what the ledger has of a published revision. */
export function parsePublished(value: unknown, at: string, kinds: readonly string[] = WORKLOAD_KINDS): Published {
  const { revision, address } = record(value, at);
  return {
    revision: parseRevision(revision, `${at}.revision`, kinds),
    address: recordOf(address, `${at}.address`, text),
  };
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

/** Value of the SSM parameter. What only a deployment knows may be tokens. */
export const publishedJson = ({ revision, address }: Published): object => ({
  schema: PUBLISHED_SCHEMA,
  revision,
  address,
});
