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

const gate = (check: Reader<CheckConfig>) =>
  object({
    schema: schema(1, 'the gate and its configuration are of different versions; deploy the pipeline again'),
    service: text,
    /** By region, which is the environment's name: the account. */
    production: mapOf(text),
    checks: listOf(check),
    /** None: nobody may. */
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
 * Reads the configuration of the gate function. It was made at synth: a wrong one is of another version than this code, and a
 * gate that does not know its checks must not let anything pass.
 *
 * @throws ShapeError that names the place
 */
export function readGateConfig(
  source: string | undefined,
  at = 'GATE',
  kinds: readonly CheckKind[] = CHECK_KINDS,
): GateConfig {
  if (source === undefined) throw new ShapeError(`${at} is not set: it must say what the gate asks`);
  const config = gate(checkOf(kinds))(json(source, at), at);
  const names = config.checks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ShapeError(`${at}.checks has two checks that are called "${twice}"`);
  return config;
}
