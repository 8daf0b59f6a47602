import { object, type Shape, text } from '../core/shape';

/** Reads a window. `checkWindow` checks its texts. */
export const window = object({
  /** Five fields: minute, hour, day of month, month, day of week. */
  cron: text,
  /** Time zone of the IANA database, such as `Europe/Berlin`. */
  timeZone: text,
});

/** Window in which something may begin: every minute that the expression matches, by the clocks of the time zone. */
export type Window = Shape<typeof window>;
