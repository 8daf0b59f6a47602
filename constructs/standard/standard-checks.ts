import { Duration } from 'aws-cdk-lib';
import type { Blackout as PlannedBlackout } from '../../lib/plan/blackout';
import { MAX_WAVE_MINUTES } from '../../lib/plan/waves';
import { known, show, wholeMinutes, wholeNumber } from '../core/validation';
import { StagingKind } from '../staging/staging';
import { plannedBlackouts } from './plan-blackouts';
import type { DeploymentStandardProps } from './standard-props';

/** A standard, complete and checked. Percentages and minutes. */
export interface Limits {
  readonly name: string;
  readonly percentage: { readonly minimum: number; readonly maximum: number; readonly default: number };
  readonly regionMaximum: number;
  readonly trafficCycle: { readonly minimum: number; readonly default: number; readonly emergency: number };
  readonly firstBake: { readonly minimum: number; readonly default: number };
  readonly bake: { readonly minimum: number; readonly default: number };
  readonly stagingKinds: readonly StagingKind[];
  readonly requiredChecks: readonly string[];
  /** Blackouts in their order, past ones included. */
  readonly blackouts: readonly PlannedBlackout[];
}

/**
 * Six days. A pipeline's Step Functions action waits for seven, and each deployment of a long canary takes some time to
 * start and to return.
 */
export const MAX_TRAFFIC_CYCLE_MINUTES = 8_640;

/** Minimum of a traffic cycle that an emergency shortens: alarms evaluate three minutes, and metrics come late. */
const MIN_EMERGENCY_MINUTES = 5;
const EMERGENCY_MINUTES = 30;

/** Completes a standard with the defaults, and refuses one that contradicts itself or CodeDeploy. */
export function limitsOf(props: DeploymentStandardProps): Limits {
  const name = known(props.name ?? 'default', 'name of a standard');
  if (name.trim() === '') {
    throw new Error(`name of a standard is ${show(name)}, but must not be empty: name it after its owners`);
  }
  const standard = `standard "${name}"`;
  const minutes = (property: string, value: Duration) => wholeMinutes(value, `${standard}: ${property}`);
  const shortest = minutes('trafficCycleMinimum', props.trafficCycleMinimum ?? Duration.hours(1));
  const limits: Limits = {
    name,
    percentage: percentages(standard, props),
    regionMaximum: wholeNumber(
      props.canaryRegionMaximum ?? 30,
      `${standard}: canaryRegionMaximum`,
      1,
      99,
      'CodeDeploy shifts whole percentages',
    ),
    trafficCycle: {
      minimum: shortest,
      default: minutes('trafficCycleDefault', props.trafficCycleDefault ?? Duration.hours(24)),
      emergency: props.emergencyTrafficCycle
        ? minutes('emergencyTrafficCycle', props.emergencyTrafficCycle)
        : Math.min(EMERGENCY_MINUTES, shortest),
    },
    firstBake: {
      minimum: minutes('firstBakeMinimum', props.firstBakeMinimum ?? Duration.hours(1)),
      default: minutes('firstBakeDefault', props.firstBakeDefault ?? Duration.hours(12)),
    },
    bake: {
      minimum: minutes('bakeMinimum', props.bakeMinimum ?? Duration.minutes(30)),
      default: minutes('bakeDefault', props.bakeDefault ?? Duration.hours(2)),
    },
    stagingKinds: [...(props.stagingKinds ?? [StagingKind.FULL, StagingKind.PARTIAL])],
    requiredChecks: [...(props.requiredChecks ?? [])],
    blackouts: plannedBlackouts(standard, props.blackouts ?? []),
  };
  checkConsistency(standard, limits);
  return limits;
}

function percentages(standard: string, props: DeploymentStandardProps): Limits['percentage'] {
  const given = {
    canaryPercentageMinimum: props.canaryPercentageMinimum ?? 5,
    canaryPercentageMaximum: props.canaryPercentageMaximum ?? 10,
    canaryPercentageDefault: props.canaryPercentageDefault ?? 8,
  };
  for (const [property, value] of Object.entries(given)) {
    known(value, `${standard}: ${property}`);
    if (!(value >= 1 && value <= 99)) {
      throw new Error(`${standard}: ${property} is ${value}, but must be a number of 1–99: CodeDeploy shifts no other`);
    }
  }
  return {
    minimum: given.canaryPercentageMinimum,
    maximum: given.canaryPercentageMaximum,
    default: given.canaryPercentageDefault,
  };
}

function checkConsistency(standard: string, limits: Limits): void {
  const { percentage, regionMaximum, trafficCycle, firstBake, bake, stagingKinds, requiredChecks } = limits;
  const atMost = (smaller: string, value: number, larger: string, limit: number, unit = '') => {
    if (value > limit) {
      throw new Error(
        `${standard}: ${smaller} is ${value}${unit}, but must be at most ${larger}, which is ${limit}${unit}: change one of the two`,
      );
    }
  };
  atMost('canaryPercentageMinimum', percentage.minimum, 'canaryPercentageMaximum', percentage.maximum);
  atMost('canaryPercentageMinimum', percentage.minimum, 'canaryPercentageDefault', percentage.default);
  atMost('canaryPercentageDefault', percentage.default, 'canaryPercentageMaximum', percentage.maximum);
  atMost('canaryPercentageMaximum', percentage.maximum, 'canaryRegionMaximum', regionMaximum);
  if (trafficCycle.minimum < 1) {
    throw new Error(
      `${standard}: trafficCycleMinimum is 0 min, but must be at least 1: a canary that nobody observes finds nothing`,
    );
  }
  if (trafficCycle.emergency < Math.min(MIN_EMERGENCY_MINUTES, trafficCycle.minimum)) {
    throw new Error(
      `${standard}: emergencyTrafficCycle is ${trafficCycle.emergency} min, but must be at least ${MIN_EMERGENCY_MINUTES}: alarms need some minutes of data`,
    );
  }
  atMost('emergencyTrafficCycle', trafficCycle.emergency, 'trafficCycleMinimum', trafficCycle.minimum, ' min');
  atMost('trafficCycleMinimum', trafficCycle.minimum, 'trafficCycleDefault', trafficCycle.default, ' min');
  atMost('trafficCycleDefault', trafficCycle.default, 'the longest traffic cycle', MAX_TRAFFIC_CYCLE_MINUTES, ' min');
  atMost('firstBakeMinimum', firstBake.minimum, 'firstBakeDefault', firstBake.default, ' min');
  atMost('bakeMinimum', bake.minimum, 'bakeDefault', bake.default, ' min');
  atMost('firstBakeDefault', firstBake.default, 'the longest wave', MAX_WAVE_MINUTES, ' min');
  atMost('bakeDefault', bake.default, 'the longest wave', MAX_WAVE_MINUTES, ' min');
  if (stagingKinds.length === 0) {
    throw new Error(`${standard}: stagingKinds is empty, but every service has a staging: allow at least one kind`);
  }
  for (const check of requiredChecks) {
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,49}$/.test(check)) {
      throw new Error(
        `${standard}: requiredChecks has ${show(check)}, which cannot name a check: use 1–50 letters, digits, "_" and "-", the first ` +
          'of them a letter',
      );
    }
  }
}
