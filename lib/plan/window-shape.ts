import { object, type Shape, text } from '../core/shape';

/** Reads a window. What its texts must be, `checkWindow` says. */
export const window = object({
  /** Five fields: minute, hour, day of month, month, day of week. */
  cron: text,
  /** Of the IANA database, such as `Europe/Berlin`. */
  timeZone: text,
});

/** When something may begin: in every minute that the expression matches, by the clocks of the time zone. */
export type Window = Shape<typeof window>;
