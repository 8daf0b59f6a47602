import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { breakGlassParameterName } from '../../lib/plan/names';
import { type BoundChecks, bindChecks } from '../gate/bind-checks';
import type { BreakGlass } from '../gate/break-glass';
import type { GateBreakGlass } from '../gate/gate';
import { GateCheck } from '../gate/gate-check';
import { DeploymentStandard } from '../standard/deployment-standard';
import type { Environments } from './define-environments';
import type { MicroserviceDeploymentPipelineProps } from './pipeline-props';

/** What the gates of a pipeline ask, and who may override them. */
export interface PlannedGate {
  readonly checks: BoundChecks;
  readonly breakGlass?: GateBreakGlass;
}

/** The checks of the standard, of the objectives, and of the service, in this order. */
export function gateChecksOf(
  scope: Construct,
  { slos = [], gateChecks = [] }: MicroserviceDeploymentPipelineProps,
): readonly GateCheck[] {
  const { _gateChecks: ofAll = [] } = DeploymentStandard.of(scope);
  return [...ofAll, ...slos.map((slo) => GateCheck.errorBudget(slo)), ...gateChecks];
}

/** Binds the checks to the environments, and adds those that no pipeline is without. */
export function planGate(
  scope: Construct,
  props: MicroserviceDeploymentPipelineProps,
  { production, trafficCycleMinutes }: Environments,
): PlannedGate {
  const { microservice, criticality, budgetPolicy, breakGlass } = props;
  const standard = DeploymentStandard.of(scope);
  const checks = gateChecksOf(scope, props);
  const context = {
    scope,
    service: microservice.name,
    criticality,
    budgetPolicy: budgetPolicy ?? standard._budgetPolicy,
    production: production.map(({ stage }) => stage.stack.region),
    waveAlarms: Object.fromEntries(
      production.map(({ stage }) => [stage.stack.region, Object.values(stage.workload._plan().waveAlarms).flat()]),
    ),
  };
  const asked = new Set((standard._gateChecks ?? []).map((check) => check._bind(context).kind));
  // The line can be stopped, and nothing is released into an alarm: the standard may ask so otherwise, no service can.
  const always = [
    ...(asked.has('FREEZE') ? [] : [GateCheck.freeze()]),
    ...(asked.has('OPEN_ALARMS') ? [] : [GateCheck.openAlarms()]),
  ];
  checkRole(scope, breakGlass);
  return {
    checks: bindChecks([...always, ...checks], context),
    breakGlass: breakGlass && {
      parameter: breakGlassParameterName(microservice.name),
      role: breakGlass.role,
      trafficCycleMinutes: Math.min(standard._emergencyTrafficCycle, trafficCycleMinutes),
      ownTrafficCycleMinutes: trafficCycleMinutes,
    },
  };
}

/** A role of another account cannot write the parameter, which would be found out in the emergency. */
function checkRole(scope: Construct, breakGlass: BreakGlass | undefined): void {
  const { account } = Stack.of(scope);
  const ofRole = breakGlass?.role.env.account;
  if (ofRole === undefined || Token.isUnresolved(ofRole) || Token.isUnresolved(account) || ofRole === account) return;
  throw new Error(
    `breakGlass.role is of account ${ofRole}, but the parameter that it has to write is in the pipeline's, ${account}: take a role of that account, which others may assume`,
  );
}
