import type { Configuration } from './configuration';

export interface Alias {
  readonly arn: string;
  /** Version that it points to. */
  readonly version: string;
  /** Versions that take a share of its traffic besides. */
  readonly weighted: readonly string[];
}

/** Calls to Lambda that a publication needs. */
export interface LambdaPort {
  /** Reads the configuration of `$LATEST`, or of a version. */
  configuration(functionName: string, version?: string): Promise<Configuration>;
  /**
   * Publishes `$LATEST` if it is still as it was read.
   *
   * @returns the version, which is the newest existing one if nothing changed since; undefined if it changed since it
   *   was read, or is changing
   */
  publish(functionName: string, read: Configuration): Promise<string | undefined>;
  /** @returns undefined if there is none of that name */
  alias(functionName: string, name: string): Promise<Alias | undefined>;
  /** @returns undefined if there is one of that name already */
  createAlias(functionName: string, name: string, version: string): Promise<Alias | undefined>;
  aliases(functionName: string): Promise<readonly Alias[]>;
  /** Lists the published versions and `$LATEST`. */
  versions(functionName: string): Promise<readonly string[]>;
  deleteVersion(functionName: string, version: string): Promise<void>;
}
