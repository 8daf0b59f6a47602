/** Decimal number as a fraction of whole numbers: exact, unlike floating point. */
export interface Decimal {
  readonly digits: bigint;
  /** Number of digits behind the point; not negative. */
  readonly places: number;
}

/** Converts a finite number as it is written: 0.1 is one tenth. */
export function decimal(value: number): Decimal {
  const [mantissa, exponent = '0'] = String(value).split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  const digits = BigInt(whole + fraction);
  const places = fraction.length - Number(exponent);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}

/** Multiplies all numbers by the same power of ten, which makes every one whole. */
export function scaled(values: readonly number[]): bigint[] {
  const decimals = values.map(decimal);
  const places = Math.max(0, ...decimals.map((value) => value.places));
  return decimals.map((value) => value.digits * 10n ** BigInt(places - value.places));
}
