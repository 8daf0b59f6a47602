import { listOf, maybe, object, type Shape, text } from '../core/shape';

/** Rule of break glass that a parameter has broken, or why no rule could be applied. */
export type BrokenRule =
  /** The parameter could not be read. */
  | 'READ'
  /** Its value is of another shape. */
  | 'SHAPE'
  | 'WRITER'
  | 'RELEASE'
  | 'TIME'
  | 'USE'
  | 'TRAFFIC_CYCLE';

/** Reads a refusal of break glass. Words of a later version are read, too: no refusal of this version equals theirs. */
export const refusal = object({
  /** Writing of the parameter, as `writingOf` names it; none when it could not be read. */
  writing: maybe(text),
  /** Rules that it has broken, as `BrokenRule` names them. */
  broken: listOf(text),
});

/** Refusal of break glass as data: two that are equal are one piece of news, whatever their texts say. */
export type Refusal = Shape<typeof refusal>;

/** Answer of break glass to somebody who has tried. */
export interface Refused {
  /** For people. It may name the present time. */
  readonly reason: string;
  readonly refusal: Refusal;
  /** Whether it is meant for this release: an old one that lies around is of no interest where nothing blocks. */
  readonly concerns: boolean;
}

/**
 * Whether the team has been notified of this refusal.
 *
 * @param known the last refusal of which the team was notified. Items of earlier versions have none: one more notice does no harm.
 */
export const isSameRefusal = (refusal: Refusal, known: Refusal | undefined): boolean =>
  known !== undefined &&
  refusal.writing === known.writing &&
  refusal.broken.length === known.broken.length &&
  refusal.broken.every((rule) => known.broken.includes(rule));
