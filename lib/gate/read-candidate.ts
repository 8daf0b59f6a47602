import { readAlarms } from '../aws/cloudwatch';
import type { Environment } from '../aws/environment-clients';
import { readOwnParameters } from '../aws/ssm';
import type { Counted } from '../budget/measure';
import type { Sampling } from '../budget/periods';
import { readBudgetReport } from '../budget/read-budget-report';
import { MetricBatch } from '../budget/read-metric-batch';
import type { Release, Stable } from '../ledger/items';
import type { Ledger } from '../ledger/ledger';
import { ledgerOfPipeline } from '../ledger/ledger-client';
import { environmentGateRoleName, roleArn } from '../plan/names';
import type { Candidate, Served } from './candidate';
import type { CheckConfig } from './check-config';
import type { GateConfig } from './config';
import { invokeFunction } from './invoke-function';
import type { GateRequest } from './request';

/** Reads the data of a candidate from its pipeline, its environments and its ledger. The ledger is read once. */
export class PipelineCandidate implements Candidate {
  readonly service: string;
  readonly checks: readonly CheckConfig[];
  readonly parameters = readOwnParameters;
  readonly invoke = invokeFunction;

  /** Reads metrics of all objectives together. */
  private readonly batch: MetricBatch;
  private readonly ledger: Ledger = ledgerOfPipeline();
  private lastStable?: Promise<Stable | undefined>;
  private ownRelease?: Promise<Release | undefined>;

  constructor(
    private readonly config: GateConfig,
    readonly request: GateRequest,
    readonly now: number,
  ) {
    this.service = config.service;
    this.checks = config.checks.filter(({ stages }) => stages.includes(request.stage));
    this.batch = new MetricBatch(now);
  }

  stable(): Promise<Stable | undefined> {
    this.lastStable ??= this.ledger.stable();
    return this.lastStable;
  }

  async served(): Promise<Served> {
    const revisions = (await this.stable())?.revisions ?? {};
    const regions = Object.keys(this.config.production);
    const served = regions.filter((region) => Object.keys(revisions[region] ?? {}).length > 0);
    return { served, neverServed: regions.filter((region) => !served.includes(region)) };
  }

  release(): Promise<Release | undefined> {
    this.ownRelease ??= this.ledger.release(this.request.executionId);
    return this.ownRelease;
  }

  alarms(region: string, names: readonly string[]): ReturnType<Candidate['alarms']> {
    return readAlarms(this.environment(region), names);
  }

  metrics(region: string, counted: readonly Counted[], sampling: Sampling): ReturnType<Candidate['metrics']> {
    return this.batch.read(this.environment(region), counted, sampling);
  }

  budgetReport(region: string, sloId: string): ReturnType<Candidate['budgetReport']> {
    return readBudgetReport(this.environment(region), sloId, this.now);
  }

  /**
   * Returns the environment of a region. A region outside production is read with the role of the first production
   * environment: global metrics are in us-east-1 only.
   */
  private environment(region: string): Environment {
    const { service, production } = this.config;
    const home = production[region] === undefined ? Object.keys(production)[0] : region;
    const role = roleArn(partitionOf(region), production[home], environmentGateRoleName(service, home));
    return { service, region, roleArn: role };
  }
}

/** Partition of a region, for the ARNs of its roles. */
const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
};
