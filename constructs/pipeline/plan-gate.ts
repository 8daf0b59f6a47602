import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { breakGlassParameterName } from '../../lib/plan/names';
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
  /** The pipeline that the checks are bound to, before its alarms are known. */
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

/**
 * Completes the checks, and binds them once without alarms: wrong checks are found before anything is created.
 *
 * @param production regions, in their order
 */
export function resolveGate(
  scope: Construct,
  props: MicroserviceDeploymentPipelineProps,
  production: readonly string[],
  trafficCycleMinutes: number,
): ResolvedGate {
  const { microservice, criticality, budgetPolicy, breakGlass, gateDashboard = true } = props;
  const standard = DeploymentStandard.of(scope);
  const context = {
    scope,
    service: microservice.name,
    criticality,
    budgetPolicy: budgetPolicy ?? standard._budgetPolicy,
    production,
  };
  const trial: GateContext = { ...context, waveAlarms: {} };
  const kinds = new Set((standard._gateChecks ?? []).map((check) => check._bind(trial).kind));
  // The line can be stopped, and nothing is released into an alarm. Only the standard may configure these two otherwise.
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
      parameter: breakGlassParameterName(microservice.name),
      role: breakGlass.role,
      trafficCycleMinutes: Math.min(standard._emergencyTrafficCycle, trafficCycleMinutes),
      ownTrafficCycleMinutes: trafficCycleMinutes,
    },
    dashboard: gateDashboard,
  };
}

/** Binds the checks to the environments. */
export const bindGate = ({ checks, context }: ResolvedGate, waveAlarms: GateContext['waveAlarms']): BoundChecks =>
  bindChecks(checks, { ...context, waveAlarms });

/** Refuses a role of another account: it cannot write the parameter, which would be found out in the emergency. */
function checkRole(scope: Construct, breakGlass: BreakGlass | undefined): void {
  const { account } = Stack.of(scope);
  const ofRole = breakGlass?.role.env.account;
  if (ofRole === undefined || Token.isUnresolved(ofRole) || Token.isUnresolved(account) || ofRole === account) return;
  throw new Error(
    `breakGlass.role is of account ${ofRole}, but the parameter that it has to write is in the pipeline's, ${account}: take a role of that account, which others may assume`,
  );
}
