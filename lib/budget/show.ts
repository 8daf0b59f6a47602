/** Formats an allowance: two digits behind the point, or more where it has fewer than three significant digits. */
export const showAllowed = (minutes: number): string => minutes.toFixed(digits(minutes, 2, 3));

/** Formats a downtime: one digit behind the point, or more until it shows that it is over the allowance. */
export function showDown(minutes: number, allowed: number): string {
  const shown = Number(showAllowed(allowed));
  let places = 1;
  while (places < 9 && minutes > allowed && Number(minutes.toFixed(places)) <= shown) places++;
  return minutes.toFixed(places);
}

/** Formats a duration: `28 days`, `12 hours`, `90 minutes`. */
export function showDuration(minutes: number): string {
  const [size, unit] = [[1_440, 'day'] as const, [60, 'hour'] as const].find(
    ([each]) => minutes >= each && minutes % each === 0,
  ) ?? [1, 'minute'];
  const count = Number((minutes / size).toFixed(2));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Returns the places that give a number this many significant digits, but not fewer than `least`. */
const digits = (value: number, least: number, significant: number): number =>
  value > 0 ? Math.min(9, Math.max(least, significant - 1 - Math.floor(Math.log10(value)))) : least;
