/**
 * A period in which no release may be under way in production. A release whose schedule would meet it is refused before
 * anything is published. The schedule lasts from the start of the canary to the end of the last bake.
 */
export interface Blackout {
  /**
   * First day, such as `2026-12-24`; or first moment, with an offset, such as `2026-12-24T18:00+01:00`.
   */
  readonly from: string;

  /**
   * Last day, which belongs to it; or the moment of its end, with an offset. After `from`.
   */
  readonly to: string;

  /**
   * Time zone of the IANA database in which its days begin and end, such as `Europe/Berlin`.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;

  /**
   * Reason, for the people who read the message; at most 100 characters.
   *
   * @default - none
   */
  readonly reason?: string;
}
