import type { BlockingRules } from '../core/finding';
import { arrayOf, count, flag, json, oneOf, optional, record, recordOf, ShapeError, text } from '../core/shape';
import type { BreakGlassConfig, CheckConfig, GateConfig, GateStage } from './config';
import { errorBudget } from './parse-budget';
import { GATE_STAGES } from './request';

type Fields = { readonly [key: string]: unknown };

/**
 * Reads what the gate function is configured with. It was made at synth: what is wrong with it is of another version than
 * this code, and a gate that does not know what to ask must not let anything pass.
 *
 * @throws ShapeError that names the place
 */
export function parseGateConfig(source: string, at = 'GATE'): GateConfig {
  const config = record(json(source, at), at);
  if (config.schema !== 1) {
    throw new ShapeError(
      `${at}.schema must be 1, but is ${JSON.stringify(config.schema)}: the gate and its configuration are of different versions; deploy the pipeline again`,
    );
  }
  const checks = arrayOf(config.checks, `${at}.checks`, check);
  const names = checks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ShapeError(`${at}.checks has two checks that are called "${twice}"`);
  return {
    schema: 1,
    service: text(config.service, `${at}.service`),
    production: recordOf(config.production, `${at}.production`, text),
    checks,
    breakGlass: optional(config.breakGlass, `${at}.breakGlass`, breakGlass),
  };
}

/** By kind, what is not common to all. */
const KINDS: { readonly [kind in CheckConfig['kind']]: (value: Fields, at: string, common: Common) => CheckConfig } = {
  ERROR_BUDGET: (value, at, common) => ({ ...common, ...errorBudget(value, at) }),
  CADENCE: (value, at, common) => ({
    ...common,
    kind: 'CADENCE',
    maxPerDay: optional(value.maxPerDay, `${at}.maxPerDay`, count),
    minimumMinutes: optional(value.minimumMinutes, `${at}.minimumMinutes`, count),
    timeZone: text(value.timeZone, `${at}.timeZone`),
  }),
  LOAD_TEST: (value, at, common) => ({
    ...common,
    kind: 'LOAD_TEST',
    parameter: text(value.parameter, `${at}.parameter`),
    configuration: optional(value.configuration, `${at}.configuration`, text),
  }),
  READINESS: (value, at, common) => ({
    ...common,
    kind: 'READINESS',
    criteria: arrayOf(value.criteria, `${at}.criteria`, (each, where) => {
      const criterion = record(each, where);
      return {
        name: text(criterion.name, `${where}.name`),
        description: optional(criterion.description, `${where}.description`, text),
      };
    }),
    prefix: text(value.prefix, `${at}.prefix`),
  }),
  FREEZE: (value, at, common) => ({
    ...common,
    kind: 'FREEZE',
    parameters: arrayOf(value.parameters, `${at}.parameters`, text),
  }),
  OPEN_ALARMS: (value, at, common) => ({
    ...common,
    kind: 'OPEN_ALARMS',
    alarms: arrayOf(value.alarms, `${at}.alarms`, (each, where) => {
      const alarms = record(each, where);
      return {
        regions: arrayOf(alarms.regions, `${where}.regions`, text),
        names: arrayOf(alarms.names, `${where}.names`, text),
      };
    }),
  }),
  CUSTOM: (value, at, common) => ({
    ...common,
    kind: 'CUSTOM',
    functionName: text(value.functionName, `${at}.functionName`),
    parameters: optional(value.parameters, `${at}.parameters`, (each, where) => recordOf(each, where, anyText)),
  }),
};

interface Common extends BlockingRules {
  readonly name: string;
  readonly stages: readonly GateStage[];
}

function check(value: unknown, at: string): CheckConfig {
  const fields = record(value, at);
  const kind = oneOf(fields.kind, `${at}.kind`, Object.keys(KINDS) as CheckConfig['kind'][]);
  const common: Common = {
    name: text(fields.name, `${at}.name`),
    stages: arrayOf(fields.stages, `${at}.stages`, (stage, where) => oneOf(stage, where, GATE_STAGES)),
    inconclusiveBlocks: optional(fields.inconclusiveBlocks, `${at}.inconclusiveBlocks`, flag),
    errorBlocks: optional(fields.errorBlocks, `${at}.errorBlocks`, flag),
  };
  return KINDS[kind](fields, at, common);
}

function breakGlass(value: unknown, at: string): BreakGlassConfig {
  const glass = record(value, at);
  return {
    parameter: text(glass.parameter, `${at}.parameter`),
    roleName: text(glass.roleName, `${at}.roleName`),
    trafficCycleMinutes: count(glass.trafficCycleMinutes, `${at}.trafficCycleMinutes`),
    ownTrafficCycleMinutes: count(glass.ownTrafficCycleMinutes, `${at}.ownTrafficCycleMinutes`),
  };
}

function anyText(value: unknown, at: string): string {
  if (typeof value === 'string') return value;
  throw new ShapeError(`${at} must be a text, but is ${JSON.stringify(value)}`);
}
