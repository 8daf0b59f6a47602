import type { IConstruct } from 'constructs';
import type { PlanDigest } from '../../lib/plan/digest';
import type { StagingKind } from '../staging/staging';
import type { Phase } from './phase';

/**
 * Facts about an environment, for the constructs inside it. Not part of the public API. Service, pipeline and production
 * are those of the plan's digest.
 */
export interface Environment extends Pick<PlanDigest, 'service' | 'pipeline' | 'production'> {
  readonly phase: Phase;
  /** `staging`, or the region in production. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Kind of staging. Staging only. */
  readonly stagingKind?: StagingKind;
  /** Host parity, in percent: 100 in production. */
  readonly hostParity: number;
  /** Canary share of this region, in percent. Production only. */
  readonly canaryPercentage?: number;
  /** Steps in which the region's wave shifts traffic; undefined for all at once. Production only. */
  readonly steps?: { readonly percentage: number; readonly intervalMinutes: number };
  /** Names of the SLOs of Application Signals that the gate reads here. Production only. */
  readonly signalsSlos: readonly string[];
  /** Whether the platform team's baseline stack owns the deployment configurations. */
  readonly sharedDeploymentConfigs: boolean;
}

const ENVIRONMENT = Symbol.for('microservice-deployment-pipeline.environment');

/** Marks a construct (the CDK stage) as the root of an environment. */
export function setEnvironment(scope: IConstruct, environment: Environment): void {
  Object.defineProperty(scope, ENVIRONMENT, { value: environment });
}

/** Returns the environment that contains a construct. It is found in the tree: there is no state outside of it. */
export function environmentOf(scope: IConstruct): Environment | undefined {
  for (let at: IConstruct | undefined = scope; at; at = at.node.scope) {
    const found = (at as unknown as { [ENVIRONMENT]?: Environment })[ENVIRONMENT];
    if (found) {
      return found;
    }
  }
  return undefined;
}
