import { createHash } from 'node:crypto';
import { AwsError, type Fields, type Place } from './call';

/** One version of a function. */
export interface FunctionVersion {
  readonly version: string;
  readonly codeSha256: string;
  /** Settings with the API's names: `Runtime`, `Role`, `Timeout`, `Environment`, `DeadLetterConfig`, ... */
  readonly settings: Fields;
  readonly description: string;
  readonly revisionId: string;
  /** Virtual time, in milliseconds. */
  readonly modifiedAt: number;
}

export interface Alias {
  readonly name: string;
  readonly version: string;
  /** Share, from 0 to 1, by further version. */
  readonly weights: { readonly [version: string]: number };
  readonly description: string;
  readonly revisionId: string;
}

export type ProvisionedConcurrency = { readonly requested: number; readonly status: string };

const DEFAULT_SETTINGS: Fields = {
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Timeout: 3,
  MemorySize: 128,
  PackageType: 'Zip',
  Architectures: ['x86_64'],
};

/** A Lambda function with its versions and aliases. */
export class LambdaFunction {
  latest: FunctionVersion;
  readonly versions = new Map<string, FunctionVersion>();
  readonly aliases = new Map<string, Alias>();
  /** Ids of the statements in the resource-based policies, by alias or version. */
  readonly permissions = new Map<string, Set<string>>();
  /** Provisioned concurrency by alias or version. */
  readonly provisioned = new Map<string, ProvisionedConcurrency>();
  /** Virtual time at which the last update ends. */
  updatingUntil = 0;

  private published = 0;
  private revisions = 0;
  private previousAliases = new Map<string, { readonly alias: Alias; readonly changedAt: number }>();

  constructor(
    readonly place: Place,
    readonly name: string,
    private readonly now: () => number,
    code: string,
    settings: Fields,
  ) {
    this.latest = this.makeVersion(
      '$LATEST',
      sha256(code),
      { ...DEFAULT_SETTINGS, Role: this.role(), ...settings },
      '',
    );
  }

  get arn(): string {
    return `arn:aws:lambda:${this.place.region}:${this.place.account}:function:${this.name}`;
  }

  /** Changes `$LATEST`, as a deployment of a stack does. */
  update(change: { readonly code?: string; readonly settings?: Fields }): void {
    const codeSha256 = change.code === undefined ? this.latest.codeSha256 : sha256(change.code);
    this.latest = this.makeVersion('$LATEST', codeSha256, { ...this.latest.settings, ...change.settings }, '');
  }

  /** Publishes `$LATEST`. Returns the newest version if nothing has changed since, as Lambda does. */
  publish(description = ''): FunctionVersion {
    const newest = this.versions.get(String(this.published));
    if (newest?.codeSha256 === this.latest.codeSha256 && same(newest.settings, this.latest.settings)) {
      return newest;
    }
    this.published++;
    const version = this.makeVersion(
      String(this.published),
      this.latest.codeSha256,
      this.latest.settings,
      description || this.latest.description,
    );
    this.versions.set(version.version, version);
    return version;
  }

  /** Finds a version, `$LATEST`, or the version that an alias mainly serves. */
  version(qualifier = '$LATEST'): FunctionVersion | undefined {
    if (qualifier === '$LATEST') {
      return this.latest;
    }
    return this.versions.get(this.aliases.get(qualifier)?.version ?? qualifier);
  }

  /** Creates or updates an alias. Refuses what Lambda refuses. */
  setAlias(
    name: string,
    version: string,
    weights: { readonly [version: string]: number } = {},
    description = '',
  ): Alias {
    const main = this.existing(version);
    const others = Object.entries(weights);
    if (others.length > 1 || others.some(([, weight]) => !(weight >= 0 && weight <= 1))) {
      throw new AwsError('InvalidParameterValueException', 'At most one additional version, of weight 0 to 1');
    }
    for (const [other] of others) {
      this.checkWeighted(main, this.existing(other));
    }
    const alias = { name, version, weights, description, revisionId: this.nextRevisionId() };
    const before = this.aliases.get(name);
    if (before) {
      this.previousAliases.set(name, { alias: before, changedAt: this.now() });
    }
    this.aliases.set(name, alias);
    return alias;
  }

  /** Deletes an alias with its policy. Returns true if the alias existed. */
  deleteAlias(name: string): boolean {
    this.permissions.delete(name);
    return this.aliases.delete(name);
  }

  /** Returns the alias as a reader with this lag sees it. */
  readAlias(name: string, lagSeconds: number): Alias | undefined {
    const previous = this.previousAliases.get(name);
    return previous && previous.changedAt + lagSeconds * 1000 > this.now() ? previous.alias : this.aliases.get(name);
  }

  /** Returns each version's share of an alias's traffic: `{ 1: 0.92, 2: 0.08 }`. */
  shares(name: string): { readonly [version: string]: number } {
    const alias = this.aliases.get(name);
    if (!alias) {
      return {};
    }
    const others = Object.entries(alias.weights).filter(([, weight]) => weight > 0);
    const rest = 1 - others.reduce((sum, [, weight]) => sum + weight, 0);
    return Object.fromEntries([[alias.version, rest], ...others].filter(([, share]) => Number(share) > 0));
  }

  private existing(version: string): FunctionVersion {
    const found = version === '$LATEST' ? this.latest : this.versions.get(version);
    if (!found) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${this.arn}:${version}`, 404);
    }
    return found;
  }

  private checkWeighted(main: FunctionVersion, other: FunctionVersion): void {
    if (main.version === other.version || main.version === '$LATEST' || other.version === '$LATEST') {
      throw new AwsError('InvalidParameterValueException', '$LATEST or one version twice cannot be weighted');
    }
    for (const setting of ['Role', 'DeadLetterConfig']) {
      if (!same(main.settings[setting], other.settings[setting])) {
        throw new AwsError(
          'InvalidParameterValueException',
          `Versions ${main.version} and ${other.version} differ in ${setting}`,
        );
      }
    }
  }

  private makeVersion(version: string, codeSha256: string, settings: Fields, description: string): FunctionVersion {
    const modifiedAt = this.now();
    return { version, codeSha256, settings, description, revisionId: this.nextRevisionId(), modifiedAt };
  }

  private nextRevisionId(): string {
    this.revisions++;
    return `00000000-0000-4000-9000-${String(this.revisions).padStart(12, '0')}`;
  }

  private role(): string {
    return `arn:aws:iam::${this.place.account}:role/${this.name}`;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
