import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type PlanDigest, regionsOf } from '../../lib/plan/digest';
import { breakGlassParameterName, CANARY_ROLLOUT } from '../../lib/plan/names';
import type { RolloutPlan } from '../../lib/plan/rollout-plan';
import { type BoundChecks, bindChecks } from '../gate/bind-checks';
import type { BreakGlass } from '../gate/break-glass';
import type { GateBreakGlass } from '../gate/gate';
import { GateCheck } from '../gate/gate-check';
import type { GateContext } from '../gate/gate-context';
import { DeploymentStandard } from '../standard/deployment-standard';
import type { MicroserviceDeploymentPipelineProps } from './pipeline-props';

/** Checks of the gates of a pipeline, and the role that may override them. */
export interface ResolvedGate {
  /** All checks, in the order of their evaluation. */
  readonly checks: readonly GateCheck[];
  /** Pipeline that the checks are bound to, before its alarms are known. */
  readonly context: Omit<GateContext, 'waveAlarms'>;
  readonly breakGlass?: GateBreakGlass;
  readonly dashboard: boolean;
}

/** Returns the checks of the standard, of the objectives, and of the service, in this order. */
export function ownChecksOf(
  scope: Construct,
  { slos = [], gateChecks = [] }: MicroserviceDeploymentPipelineProps,
): readonly GateCheck[] {
  const { _gateChecks: ofAll = [] } = DeploymentStandard.of(scope);
  return [...ofAll, ...slos.map((slo) => GateCheck.errorBudget(slo)), ...gateChecks];
}

/** Completes the checks, and binds them once without alarms: wrong checks are found before anything is created. */
export function resolveGate(
  scope: Construct,
  props: MicroserviceDeploymentPipelineProps,
  digest: PlanDigest,
): ResolvedGate {
  const { criticality, budgetPolicy, breakGlass, gateDashboard = true } = props;
  const { service } = digest;
  const { observeMinutes: trafficCycleMinutes } = digest.rollouts[CANARY_ROLLOUT];
  const standard = DeploymentStandard.of(scope);
  const context = {
    scope,
    service,
    criticality,
    budgetPolicy: budgetPolicy ?? standard._budgetPolicy,
    production: regionsOf(digest),
  };
  const trial: GateContext = { ...context, waveAlarms: {} };
  const kinds = new Set((standard._gateChecks ?? []).map((check) => check._bind(trial).kind));
  // Every gate checks for a freeze and for open alarms. Only the standard may configure these two otherwise.
  const always = [
    ...(kinds.has('FREEZE') ? [] : [GateCheck.freeze()]),
    ...(kinds.has('OPEN_ALARMS') ? [] : [GateCheck.openAlarms()]),
  ];
  const checks = [...always, ...ownChecksOf(scope, props)];
  bindChecks(checks, trial);
  checkRole(scope, breakGlass);
  return {
    checks,
    context,
    breakGlass: breakGlass && {
      parameter: breakGlassParameterName(service),
      role: breakGlass.role,
      trafficCycleMinutes: Math.min(standard._emergencyTrafficCycle, trafficCycleMinutes),
      ownTrafficCycleMinutes: trafficCycleMinutes,
    },
    dashboard: gateDashboard,
  };
}

/** Binds the checks to the environments of the plan. */
export const bindGate = ({ checks, context }: ResolvedGate, plan: RolloutPlan): BoundChecks =>
  bindChecks(checks, { ...context, waveAlarms: waveAlarmsOf(plan) });

/** Returns the names of the alarms that watch its wave, by production region. Each region is in one wave. */
const waveAlarmsOf = ({ rollouts }: RolloutPlan): GateContext['waveAlarms'] =>
  Object.fromEntries(
    Object.values(rollouts)
      .filter(({ kind }) => kind === 'WAVE')
      .flatMap(({ environments }) => Object.entries(environments))
      .map(([region, { alarms }]) => [region, Object.values(alarms).flat()]),
  );

/** Refuses a role of another account. It cannot write the parameter, and nobody would notice before the emergency. */
function checkRole(scope: Construct, breakGlass: BreakGlass | undefined): void {
  const { account } = Stack.of(scope);
  const ofRole = breakGlass?.role.env.account;
  if (ofRole === undefined || Token.isUnresolved(ofRole) || Token.isUnresolved(account) || ofRole === account) return;
  throw new Error(
    `breakGlass.role is of account ${ofRole}, but the parameter that it has to write is in the pipeline's, ${account}: take a role of that account, which others may assume`,
  );
}
