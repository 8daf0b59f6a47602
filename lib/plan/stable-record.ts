import { json, moment, object, record, type Shape, schema, text } from '../core/shape';
import { type Published, parsePublished } from './revision';

const acquired = object({
  /** Release that returns the target to this revision. */
  executionId: text,
  commit: text,
  /** Moment at which that release acquired production; ISO 8601. The later of two releases acquired it later. */
  acquiredAt: moment,
});

/** Stable revision of one production target, and its address, as its region stores them for one release. */
export type StableRecord = Shape<typeof acquired> & Published;

/** Schema number of the parameter. */
const STABLE_SCHEMA = 1;
const stableSchema = schema(STABLE_SCHEMA, 'use the version of the pipeline that wrote it');

/** Formats the value of the parameter. Equal records give equal texts. */
export const stableRecordText = ({ executionId, commit, acquiredAt, revision, address }: StableRecord): string =>
  JSON.stringify({
    schema: STABLE_SCHEMA,
    executionId,
    commit,
    acquiredAt,
    revision: sorted(revision),
    address: sorted(address),
  });

const sorted = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));

export function parseStableRecord(source: string, at: string, kinds?: readonly string[]): StableRecord {
  const value = record(json(source, at), at);
  stableSchema(value.schema, `${at}.schema`);
  return { ...acquired(value, at), ...parsePublished(value, at, kinds) };
}
