import { ShapeError } from './shape';

/** Whole days are none, and neither is a time without an offset: it would be another moment wherever it is read. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * A moment that somebody else wrote, in ISO 8601 with an offset; made UTC. Stricter than `Date.parse`, which takes "soon 1"
 * for the year 2001, and 30 February for 2 March.
 */
export function instant(value: unknown, at: string): string {
  const [, day] = (typeof value === 'string' && INSTANT.exec(value)) || [];
  if (day === undefined || !isDay(day)) {
    throw new ShapeError(
      `${at} must be a moment in ISO 8601 with an offset, such as 2026-11-20T10:00:00Z, but is ${JSON.stringify(value) ?? 'missing'}`,
    );
  }
  return new Date(value as string).toISOString();
}

function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
