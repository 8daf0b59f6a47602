import { record, ShapeError, text } from '../../core/shape';
import type { Address, Published, Revision } from '../../plan/revision';

/** Published version of a function. */
export interface LambdaRevision extends Revision {
  readonly kind: 'LAMBDA';
  readonly version: string;
}

/** Alias of a function, by its physical name. */
export interface AliasName {
  readonly functionName: string;
  readonly alias: string;
}

export const lambdaRevision = (version: string): LambdaRevision => ({ kind: 'LAMBDA', version });

/** Returns the version number of a revision. */
export function versionOf(revision: Revision, at = 'revision'): string {
  const { kind, version } = record(revision, at);
  if (kind !== 'LAMBDA') throw new ShapeError(`${at}.kind must be LAMBDA, but is ${JSON.stringify(kind)}`);
  const number = text(version, `${at}.version`);
  if (!/^[1-9]\d*$/.test(number)) {
    throw new ShapeError(`${at}.version must be the number of a published version, but is "${number}"`);
  }
  return number;
}

export function aliasNameOf(address: Address, at = 'address'): AliasName {
  return {
    functionName: text(address.functionName, `${at}.functionName`),
    alias: text(address.alias, `${at}.alias`),
  };
}

/** Builds the report of an environment about a function. Its names and version may be tokens. */
export const publishedLambda = ({ functionName, alias }: AliasName, version: string): Published => ({
  revision: lambdaRevision(version),
  address: { functionName, alias },
});
