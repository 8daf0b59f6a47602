import type { Blackout } from './blackout';
import { CANARY_ROLLOUT, STAGING_ENVIRONMENT, STAGING_ROLLOUT } from './names';
import type { Rollout } from './rollout-plan';
import type { Place, Topology } from './topology';
import { type PlannedWave, shiftMinutes } from './waves';

/**
 * Digest of a plan: where and when a microservice is released, as far as it is known before any environment exists.
 * Synth makes it once, and everything that says where production is comes from it:
 *
 * - the plan of the rollouts adds the environments' own facts: roles, targets, alarms, deployment configurations;
 * - the topology in each production environment adds the targets there;
 * - the parameter of the pipeline adds the ledger's table and the held stages;
 * - the gate's configuration has the accounts by region, since it has 3.5 KB and derives its roles from their names;
 * - the schedule of a release has minutes and windows alone, since it has 3 KB.
 */
export interface PlanDigest extends Omit<Topology, 'targets'> {
  /** Rollouts by name, in the order in which they run. */
  readonly rollouts: { readonly [name: string]: RolloutDigest };
  readonly blackouts: readonly Blackout[];
}

/** Rollout of a digest. It has the names of its environments alone. */
export interface RolloutDigest extends Omit<Rollout, 'environments'> {
  readonly environments: readonly string[];
}

/** Input of a digest, checked and complete. */
export interface DigestInput {
  readonly service: string;
  readonly pipeline: Place;
  readonly production: readonly Place[];
  readonly stagingBakeMinutes: number;
  readonly trafficCycleMinutes: number;
  readonly waves: readonly PlannedWave[];
  readonly blackouts: readonly Blackout[];
}

/** Derives the digest of a plan. */
export function digestOf(input: DigestInput): PlanDigest {
  const { service, pipeline, production, stagingBakeMinutes, trafficCycleMinutes, waves, blackouts } = input;
  const staging: RolloutDigest = {
    kind: 'STAGING',
    environments: [STAGING_ENVIRONMENT],
    observeMinutes: stagingBakeMinutes,
    after: [],
  };
  const canary: RolloutDigest = {
    kind: 'CANARY',
    environments: regionsOf({ production }),
    observeMinutes: trafficCycleMinutes,
    after: [STAGING_ROLLOUT],
  };
  const names = waves.map(({ name }) => name);
  const later = waves.map(
    (wave, at) => [wave.name, waveDigest(wave, [CANARY_ROLLOUT, ...names.slice(0, at)])] as const,
  );
  return {
    service,
    pipeline,
    production: production.map(({ account, region }) => ({ account, region })),
    rollouts: { [STAGING_ROLLOUT]: staging, [CANARY_ROLLOUT]: canary, ...Object.fromEntries(later) },
    blackouts,
  };
}

const waveDigest = ({ regions, steps, bakeMinutes, window }: PlannedWave, after: readonly string[]): RolloutDigest => ({
  kind: 'WAVE',
  environments: regions,
  ...(steps && { shiftMinutes: shiftMinutes(steps) }),
  observeMinutes: bakeMinutes,
  ...(window && { window }),
  after,
});

/** Lists production's regions in their order. They are the names of production's environments. */
export const regionsOf = ({ production }: Pick<PlanDigest, 'production'>): readonly string[] =>
  production.map(({ region }) => region);

/** Returns production's accounts by region. */
export const accountsOf = ({ production }: Pick<PlanDigest, 'production'>): { readonly [region: string]: string } =>
  Object.fromEntries(production.map(({ account, region }) => [region, account]));

/** Lists the waves' names in the order in which they run. */
export const wavesOf = ({ rollouts }: Pick<PlanDigest, 'rollouts'>): readonly string[] =>
  Object.entries(rollouts).flatMap(([name, { kind }]) => (kind === 'WAVE' ? [name] : []));
