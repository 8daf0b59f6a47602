import type { Environment } from '../aws/environment-clients';
import { MetricBatch } from '../budget/read-metric-batch';
import type { Release, Stable } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { environmentGateRoleName } from '../plan/names';
import type { GateConfig } from './config';
import type { GateRequest } from './request';

/** A release in front of a gate, and what all checks want to know of it. */
export class Candidate {
  /** Reads what the checks want of CloudWatch, together. */
  readonly metrics: MetricBatch;

  private readonly ledger: Ledger = ledgerOfPipeline();
  private lastStable?: Promise<Stable | undefined>;
  private ownRelease?: Promise<Release | undefined>;

  constructor(
    readonly config: GateConfig,
    readonly request: GateRequest,
    readonly now: number,
  ) {
    this.metrics = new MetricBatch(now);
  }

  /** What production serves: by it a region, or a function of it, has served before. Asked for once. */
  stable(): Promise<Stable | undefined> {
    this.lastStable ??= this.ledger.stable();
    return this.lastStable;
  }

  /** Production regions that have served a stable revision, in their order, and those that never have. */
  async served(): Promise<{ readonly served: readonly string[]; readonly neverServed: readonly string[] }> {
    const revisions = (await this.stable())?.revisions ?? {};
    const regions = Object.keys(this.config.production);
    const served = regions.filter((region) => Object.keys(revisions[region] ?? {}).length > 0);
    return { served, neverServed: regions.filter((region) => !served.includes(region)) };
  }

  /** What the ledger knows of the release. Asked for once. */
  release(): Promise<Release | undefined> {
    this.ownRelease ??= this.ledger.release(this.request.executionId);
    return this.ownRelease;
  }

  /**
   * A region as its clients see it. One that is none of production's (global metrics are in us-east-1 only) is asked with the
   * role of the first production environment.
   */
  environment(region: string): Environment {
    const { service, production } = this.config;
    const home = production[region] === undefined ? Object.keys(production)[0] : region;
    const roleName = environmentGateRoleName(service, home);
    return { service, region, roleArn: `arn:${partitionOf(region)}:iam::${production[home]}:role/${roleName}` };
  }
}

/** Roles are named by ARN. The partition of each family of regions. */
const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
};
