import { scaled } from '../core/decimal';

export const MINUTE = 60_000;

/** A month of the allowance: a twelfth of a year of 365.25 days. */
export const MONTH_MINUTES = (365.25 / 12) * 24 * 60;

/** Relative error that sums of floating-point numbers may have. */
const NOISE = 1e-9;

/**
 * Computes the downtime that an objective allows: 99.99 % allow 4.383 min a month.
 *
 * @param objective in percent, more than 0 and less than 100
 */
export function allowedMinutes(objective: number, windowMinutes: number): number {
  if (!(objective > 0 && objective < 100)) {
    throw new RangeError(
      `objective is ${objective}, but must be more than 0 and less than 100: it is a percentage, and 100 would allow no downtime at all`,
    );
  }
  // 100 - 99.99 is not 0.01 in floating point.
  const [whole, part] = scaled([100, objective]);
  return (windowMinutes * Number(whole - part)) / Number(whole);
}

/**
 * Returns the downtime above which the allowance is overspent. A sum of exactly the allowance is within it, despite
 * noise.
 */
export const limitOf = (allowed: number): number => allowed * (1 + NOISE);

/** Returns how many whole allowances pay for a downtime, in the same unit. */
export const allowancesIn = (down: number, allowed: number): number => Math.ceil((down / allowed) * (1 - NOISE));
