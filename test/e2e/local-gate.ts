import type { AnyCheckConfig } from '../../lib/gate/checks';
import type { GateConfig } from '../../lib/gate/config';
import {
  breakGlassParameterName,
  freezeParameterName,
  gateHandlerRoleName,
  ORGANIZATION_FREEZE_PARAMETER,
} from '../../lib/plan/names';
import type { EnvironmentPlan, RolloutPlan } from '../../lib/plan/rollout-plan';
import type { MetricName } from '../local-aws/metric-data';
import type { PlanWorld } from '../local-aws/world-from-plan';
import { PIPELINE, PIPELINE_NAME } from './plan';

/** Parameters that people write, in the pipeline's account and region. */
export const FREEZE = freezeParameterName(PIPELINE_NAME);
export const BREAK_GLASS = breakGlassParameterName(PIPELINE_NAME);

const LEAD_ROLE = 'incident-lead';

/** ARN of a session of the role that may break the glass. */
export const LEAD = `arn:aws:sts::${PIPELINE.account}:assumed-role/${LEAD_ROLE}/jo`;

/** ARN of a session of the gate itself, which may not. */
export const NO_LEAD = `arn:aws:sts::${PIPELINE.account}:assumed-role/${gateHandlerRoleName(PIPELINE_NAME, PIPELINE.region)}/x`;

/** Input of the gate's rules: the order to re-check blocked releases. */
export const RECHECK = { retryBlocked: true };

/** Minutes of the error budget's window. A day, so that a test's outage leaves it some time later. */
export const WINDOW_MINUTES = 24 * 60;

/** Objective in percent: 1.44 min of a day may fail. */
export const OBJECTIVE = 99.9;

/** Requests a minute of each function. */
const REQUESTS = 600;

const stages = ['Canary', 'Production'] as const;

const ERROR_BUDGET: AnyCheckConfig = {
  kind: 'ERROR_BUDGET',
  name: `availability ${OBJECTIVE}`,
  stages,
  objective: OBJECTIVE,
  source: { kind: 'REQUESTS' },
  policy: { kind: 'UNTIL_RECOVERED', windowMinutes: WINDOW_MINUTES },
  warnBelow: 25,
  silentMinutes: 60,
};

/** Configuration of this plan's gate as synthesized by default, with an error budget; its glass can be broken. */
export function gateConfigOf(plan: RolloutPlan): GateConfig {
  const production = productionOf(plan);
  const parameters = [ORGANIZATION_FREEZE_PARAMETER, FREEZE];
  const cycle = Object.values(plan.rollouts).find(({ kind }) => kind === 'CANARY')?.observeMinutes ?? 0;
  const checks: readonly AnyCheckConfig[] = [
    { kind: 'FREEZE', name: 'freeze', stages, parameters },
    { kind: 'OPEN_ALARMS', name: 'open alarms', stages, alarms: waveAlarms(plan) },
    ERROR_BUDGET,
  ];
  return {
    schema: 1,
    service: plan.service,
    production: Object.fromEntries(production.map(([, { account, region }]) => [region, account])),
    checks,
    breakGlass: {
      parameter: BREAK_GLASS,
      roleName: LEAD_ROLE,
      trafficCycleMinutes: Math.ceil(cycle / 4),
      ownTrafficCycleMinutes: cycle,
    },
  };
}

const productionOf = ({ environments }: RolloutPlan): readonly (readonly [name: string, at: EnvironmentPlan])[] =>
  Object.entries(environments).filter(([, { phase }]) => phase === 'PRODUCTION');

function waveAlarms({ rollouts, environments }: RolloutPlan) {
  const waves = Object.values(rollouts).filter(({ kind }) => kind === 'WAVE');
  return waves.flatMap((wave) =>
    Object.entries(wave.environments).map(([name, { alarms }]) => ({
      regions: [environments[name].region],
      names: [...new Set(Object.values(alarms).flat())],
    })),
  );
}

/** Gives production traffic without any failure. */
export function giveTraffic(fleet: PlanWorld): void {
  for (const [name, place] of productionOf(fleet.plan)) {
    for (const key of Object.keys(place.targets)) {
      fleet.world.cloudwatch.metrics.rate(place, metricOf(fleet, name, key, 'Invocations'), () => REQUESTS);
    }
  }
}

/** Returns a metric of an alias's requests, with Lambda's names. */
export function metricOf(fleet: PlanWorld, environment: string, key: string, name: string): MetricName {
  const { name: FunctionName } = fleet.function(environment, key);
  return { namespace: 'AWS/Lambda', name, dimensions: { FunctionName, Resource: `${FunctionName}:live` } };
}
