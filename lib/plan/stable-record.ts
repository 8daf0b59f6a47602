import { json, moment, oneOf, record, ShapeError, text } from '../core/shape';
import { publishedRevision } from './parse-plan';
import type { PublishedRevision } from './rollout-plan';

/** The stable revision of one production function, as its region remembers it for one release. */
export interface StableRecord {
  /** The release that returns the function to this revision. */
  readonly executionId: string;
  readonly commit: string;
  /** When that release took production; ISO 8601. Of two releases, the later one took it later. */
  readonly takenAt: string;
  /** `version` is the stable one. */
  readonly revision: PublishedRevision;
}

/** The value of the parameter. Equal records give equal texts. */
export const stableRecordText = ({ executionId, commit, takenAt, revision }: StableRecord): string => {
  const { functionName, alias, version } = revision;
  return JSON.stringify({
    schema: 1,
    executionId,
    commit,
    takenAt,
    revision: { kind: 'LAMBDA', functionName, alias, version },
  });
};

export function parseStableRecord(source: string, at: string): StableRecord {
  const value = record(json(source, at), at);
  if (value.schema !== 1) {
    throw new ShapeError(
      `${at}.schema must be 1, but is ${JSON.stringify(value.schema)}: use the version of the pipeline that wrote it`,
    );
  }
  const revision = record(value.revision, `${at}.revision`);
  oneOf(revision.kind, `${at}.revision.kind`, ['LAMBDA']);
  return {
    executionId: text(value.executionId, `${at}.executionId`),
    commit: text(value.commit, `${at}.commit`),
    takenAt: moment(value.takenAt, `${at}.takenAt`),
    revision: publishedRevision(revision, `${at}.revision`),
  };
}
