import type { Configuration } from '../../../../../lib/workload/lambda/publish/configuration';
import type { Alias, LambdaPort } from '../../../../../lib/workload/lambda/publish/lambda-port';
import type { Timing } from '../../../../../lib/workload/lambda/publish/publish';

/** One function, in memory. `before` arranges events in between. */
export class FakeLambda implements LambdaPort {
  latest: Configuration & { readonly [field: string]: unknown } = {
    CodeSha256: 'code-1',
    RevisionId: 'r1',
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
  readonly published = new Map<string, Configuration>();
  readonly named = new Map<string, Alias>();
  readonly calls: string[] = [];
  /** Called before each operation; may change anything, or throw. */
  before: (operation: string) => void = () => undefined;

  async configuration(_: string, version?: string): Promise<Configuration> {
    this.enter(`configuration ${version ?? '$LATEST'}`);
    const found = version === undefined ? this.latest : this.published.get(version);
    if (!found) {
      throw Object.assign(new Error('Function not found'), { name: 'ResourceNotFoundException' });
    }
    return found;
  }

  async publish(_: string, read: Configuration): Promise<string | undefined> {
    this.enter('publish');
    if (read.RevisionId !== this.latest.RevisionId) {
      return undefined;
    }
    const version = String(this.published.size + 1);
    this.published.set(version, { ...this.latest, Version: version });
    return version;
  }

  async alias(_: string, name: string): Promise<Alias | undefined> {
    this.enter('alias');
    return this.named.get(name);
  }

  async createAlias(_: string, name: string, version: string): Promise<Alias | undefined> {
    this.enter('createAlias');
    if (this.named.has(name)) {
      return undefined;
    }
    const alias = { arn: `arn:${name}`, version, weighted: [] };
    this.named.set(name, alias);
    return alias;
  }

  async aliases(): Promise<readonly Alias[]> {
    this.enter('aliases');
    return [...this.named.values()];
  }

  async versions(): Promise<readonly string[]> {
    this.enter('versions');
    return ['$LATEST', ...this.published.keys()];
  }

  async deleteVersion(_: string, version: string): Promise<void> {
    this.enter(`deleteVersion ${version}`);
    this.published.delete(version);
  }

  private enter(operation: string): void {
    this.calls.push(operation);
    this.before(operation);
  }
}

/** Time that passes by sleeping only. */
export function timing(milliseconds = 600_000): Timing & { now(): number } {
  let now = 0;
  return {
    now: () => now,
    sleep: async (by) => {
      now += by;
    },
    deadline: milliseconds,
  };
}
