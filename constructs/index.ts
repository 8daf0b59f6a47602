export type { CanaryOptions } from './canary/canary-options';
export { CanaryWeighting } from './canary/canary-weighting';
export { Phase } from './environment/phase';
export type { BreakGlass } from './gate/break-glass';
export { BudgetPolicy, BudgetWindow, type CarryOverOptions, type UntilRecoveredOptions } from './gate/budget-policy';
export type { CadenceOptions } from './gate/checks/cadence';
export type { CustomCheckOptions } from './gate/checks/custom';
export type { ErrorBudgetOptions } from './gate/checks/error-budget';
export type { FreezeOptions } from './gate/checks/freeze';
export type { LoadTestOptions } from './gate/checks/load-test';
export type { OpenAlarmsOptions, ProductionAlarms } from './gate/checks/open-alarms';
export type { ProductionReadinessOptions, ReadinessCriterion } from './gate/checks/production-readiness';
export { GateCheck } from './gate/gate-check';
export type { GateCheckOptions } from './gate/gate-check-options';
export { GateStage } from './gate/gate-stage';
export { type RequestCounts, Slo, type SloMetric, SloSource, type UptimeSignal } from './gate/slo';
export { Microservice } from './microservice/microservice';
export { MicroserviceStack } from './microservice/microservice-stack';
export type { Checks } from './pipeline/checks';
export { MicroserviceDeploymentPipeline } from './pipeline/microservice-deployment-pipeline';
export type { MicroserviceDeploymentPipelineProps } from './pipeline/pipeline-props';
export type { ProductionRegion } from './pipeline/production-region';
export { type BusinessHoursOptions, DeploymentWindow, Weekday } from './production/deployment-window';
export {
  type BakeOptions,
  ProductionRollout,
  type ProductionWave,
  type StepOptions,
} from './production/production-rollout';
export { Staging, StagingKind, type StagingProps } from './staging/staging';
export type { Blackout } from './standard/blackout';
export { DeploymentBaseline, type DeploymentBaselineProps, type LinearSteps } from './standard/deployment-baseline';
export { DeploymentStandard } from './standard/deployment-standard';
export type { DeploymentStandardProps } from './standard/standard-props';
export type { LambdasOptions } from './workload/lambda/lambdas-options';
export { LambdaWorkload, Workload } from './workload/workload';
