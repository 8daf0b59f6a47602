/**
 * A time in which no release may be under way in production: a release whose schedule, from its canary's start to the end of
 * its last bake, would meet it is refused before anything is published.
 */
export interface Blackout {
  /**
   * Its first day, such as `2026-12-24`; or its first moment, with an offset, such as `2026-12-24T18:00+01:00`.
   */
  readonly from: string;

  /**
   * Its last day, which belongs to it; or the moment of its end, with an offset. After `from`.
   */
  readonly to: string;

  /**
   * Where its days begin and end: a time zone of the IANA database, such as `Europe/Berlin`.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;

  /**
   * Why, for the people who read the message; at most 100 characters.
   *
   * @default - none
   */
  readonly reason?: string;
}
