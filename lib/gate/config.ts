import {
  count,
  json,
  listOf,
  mapOf,
  maybe,
  object,
  type Reader,
  type Shape,
  ShapeError,
  schema,
  text,
  word,
} from '../core/shape';
import type { CheckConfig } from './check-config';
import { type CheckKind, kindOf } from './check-kind';
import { CHECK_KINDS } from './checks';

/** Role that may break the glass, and limit of the traffic cycle that it may set. */
const breakGlass = object({
  parameter: text,
  /** Name of the only role whose writing counts. */
  roleName: text,
  /** Minimum to which the traffic cycle may be shortened. */
  trafficCycleMinutes: count,
  /** Traffic cycle of a release without break glass. */
  ownTrafficCycleMinutes: count,
});
export type BreakGlassConfig = Shape<typeof breakGlass>;

const gate = (check: Reader<CheckConfig>) =>
  object({
    schema: schema(1, 'the gate and its configuration are of different versions; deploy the pipeline again'),
    service: text,
    /** Accounts by region, which is the environment's name. */
    production: mapOf(text),
    checks: listOf(check),
    /** Undefined: nobody may break the glass. */
    breakGlass: maybe(breakGlass),
  });

/** Configuration of the gate function: JSON in its environment variable `GATE`, made at synth. */
export type GateConfig = Shape<ReturnType<typeof gate>>;

/** Reads the configuration of a check by its kind. */
const checkOf =
  (kinds: readonly CheckKind[]): Reader<CheckConfig> =>
  (value, at) => {
    const { kind } = object({ kind: word(...kinds.map(({ kind }) => kind)) })(value, at);
    return kindOf(kinds, { kind }).readConfig(value, at);
  };

/**
 * Reads the configuration of the gate function, which is made at synth. A wrong one is of another version than this
 * code: the gate then lets nothing pass.
 *
 * @throws ShapeError that names the place
 */
export function readGateConfig(
  source: string | undefined,
  at = 'GATE',
  kinds: readonly CheckKind[] = CHECK_KINDS,
): GateConfig {
  if (source === undefined) throw new ShapeError(`${at} is not set: it must hold the configuration of the gate`);
  const config = gate(checkOf(kinds))(json(source, at), at);
  const names = config.checks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ShapeError(`${at}.checks has two checks that are called "${twice}"`);
  return config;
}
