import { type Fields, flag, listOf, maybe, type ObjectOf, object, text, word } from '../core/shape';
import { gateStage } from './request';

const COMMON = {
  /** Unique in its pipeline. */
  name: text,
  /** Gates that run it. */
  stages: listOf(gateStage),
  inconclusiveBlocks: maybe(flag),
  errorBlocks: maybe(flag),
};

/** Configuration of a check, as far as it is the same for every kind. */
export type CheckConfig = { readonly kind: string } & ObjectOf<typeof COMMON>;

/** Shape of the configuration of one kind of check: the fields of every check, and its own. */
export const configOf = <Kind extends string, F extends Fields>(kind: Kind, fields: F) =>
  object({ kind: word(kind), ...COMMON, ...fields });
