import { budgetPolicy, budgetSource } from '../budget/config';
import {
  anyText,
  count,
  flag,
  json,
  listOf,
  mapOf,
  maybe,
  object,
  type Shape,
  ShapeError,
  schema,
  text,
  variants,
} from '../core/shape';
import { gateStage } from './request';

const common = {
  /** Unique in its pipeline. */
  name: text,
  /** The gates that ask it. */
  stages: listOf(gateStage),
  inconclusiveBlocks: maybe(flag),
  errorBlocks: maybe(flag),
};

const check = variants({
  /** The error budget of one objective. */
  ERROR_BUDGET: {
    ...common,
    /** In percent, such as 99.99. */
    objective: count,
    source: budgetSource,
    policy: budgetPolicy,
    /** Percentage of the budget that is left below which the team is warned. */
    warnBelow: maybe(count),
    /** Burn rate above which a release is blocked at once; none when it cannot be reached or is not wanted. */
    fastBurn: maybe(count),
    /** A region that has served and has had no data for so long is an ERROR. */
    silentMinutes: count,
  },
  /** Not several releases a day. Counts releases that completed. */
  CADENCE: {
    ...common,
    /** Of a calendar day in `timeZone`. */
    maxPerDay: maybe(count),
    /** From the end of the last release. */
    minimumMinutes: maybe(count),
    timeZone: text,
  },
  /** The candidate's own load test, in staging. */
  LOAD_TEST: {
    ...common,
    parameter: text,
    /** What the load test was set up with; a result of another configuration does not count. */
    configuration: maybe(text),
  },
  /** The organization's criteria for services like this one. */
  READINESS: {
    ...common,
    /** The criteria that apply to this service; each has its evidence in the parameter `prefix` + name. */
    criteria: listOf(object({ name: text, description: maybe(text) })),
    prefix: text,
  },
  /** Stop the line. Each of the parameters can freeze: the organization's, and the service's. */
  FREEZE: { ...common, parameters: listOf(text) },
  /** Production alarms that must not be in ALARM: names of alarms, by region. */
  OPEN_ALARMS: { ...common, alarms: listOf(object({ regions: listOf(text), names: listOf(text) })) },
  /** A Lambda function of the organization's or the team's, which answers with a verdict. */
  CUSTOM: {
    ...common,
    /** Name or ARN, in the pipeline's account and region. */
    functionName: text,
    /** Passed through to it. */
    parameters: maybe(mapOf(anyText)),
  },
});

export type CheckConfig = Shape<typeof check>;
type Config<Kind extends CheckConfig['kind']> = Extract<CheckConfig, { readonly kind: Kind }>;
export type ErrorBudgetConfig = Config<'ERROR_BUDGET'>;
export type CadenceConfig = Config<'CADENCE'>;
export type LoadTestConfig = Config<'LOAD_TEST'>;
export type ReadinessConfig = Config<'READINESS'>;
export type CriterionConfig = ReadinessConfig['criteria'][number];
export type FreezeConfig = Config<'FREEZE'>;
export type OpenAlarmsConfig = Config<'OPEN_ALARMS'>;
export type CustomConfig = Config<'CUSTOM'>;

/** Who may break the glass, and how far the traffic cycle may then be shortened. */
const breakGlass = object({
  parameter: text,
  /** Name of the only role whose writing counts. */
  roleName: text,
  /** The least that the traffic cycle may be shortened to. */
  trafficCycleMinutes: count,
  /** The traffic cycle that a release has otherwise. */
  ownTrafficCycleMinutes: count,
});
export type BreakGlassConfig = Shape<typeof breakGlass>;

const gate = object({
  schema: schema(1, 'the gate and its configuration are of different versions; deploy the pipeline again'),
  service: text,
  /** By region, which is the environment's name: the account. */
  production: mapOf(text),
  checks: listOf(check),
  /** None: nobody may. */
  breakGlass: maybe(breakGlass),
});

/** Configuration of the gate function: JSON in its environment variable `GATE`, made at synth. */
export type GateConfig = Shape<typeof gate>;

/**
 * Reads the configuration of the gate function. It was made at synth: a wrong one is of another version than this code, and a
 * gate that does not know its checks must not let anything pass.
 *
 * @throws ShapeError that names the place
 */
export function readGateConfig(source: string, at = 'GATE'): GateConfig {
  const config = gate(json(source, at), at);
  const names = config.checks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ShapeError(`${at}.checks has two checks that are called "${twice}"`);
  return config;
}
