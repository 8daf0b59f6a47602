import { json, moment, record, schema, text } from '../core/shape';
import { type Published, parsePublished } from './revision';

/** The stable revision of one production target, and where it is, as its region remembers it for one release. */
export interface StableRecord extends Published {
  /** The release that returns the target to this revision. */
  readonly executionId: string;
  readonly commit: string;
  /** When that release acquired production; ISO 8601. Of two releases, the later one took it later. */
  readonly acquiredAt: string;
}

/** Schema number of the parameter. */
const STABLE_SCHEMA = 1;
const stableSchema = schema(STABLE_SCHEMA, 'use the version of the pipeline that wrote it');

/** The value of the parameter. Equal records give equal texts. */
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
  return {
    executionId: text(value.executionId, `${at}.executionId`),
    commit: text(value.commit, `${at}.commit`),
    acquiredAt: moment(value.acquiredAt, `${at}.acquiredAt`),
    ...parsePublished(value, at, kinds),
  };
}
