/** What every region's share would be if percentages needed not be whole. */
export interface IdealShares {
  /** In percent times `denominator`, in the order of the regions. */
  readonly numerators: readonly bigint[];
  readonly denominator: bigint;
}

/**
 * Shares that are to each other as the given ratios, scaled so that their traffic-weighted mean is exactly the asked one.
 * A share that would leave 1..maximum is clamped, and the others make up for it in their ratios.
 *
 * @param traffic of each region, positive
 * @param ratios of the regions' shares to each other, positive
 * @param mean asked for, in percent, as a fraction; from 1 to maximum
 * @param maximum of any share, in percent
 */
export function idealShares(
  traffic: readonly bigint[],
  ratios: readonly bigint[],
  mean: { readonly numerator: bigint; readonly denominator: bigint },
  maximum: bigint,
): IdealShares {
  const asked = mean.numerator * add(traffic);

  // Every share grows with the common factor until it is clamped, so the mean grows too. A region's share begins to grow
  // at the factor 1/ratio and stops at maximum/ratio: between two such factors the mean is a straight line.
  let start: { readonly edge: bigint; readonly ratio: bigint } | undefined;
  for (const ratio of ratios) {
    for (const edge of [1n, maximum]) {
      const reached = add(traffic.map((weight, i) => weight * clamp(edge * ratios[i], ratio, maximum * ratio)));
      const within = mean.denominator * reached <= asked * ratio;
      if (within && (!start || start.edge * ratio < edge * start.ratio)) {
        start = { edge, ratio };
      }
    }
  }
  if (!start) {
    throw new Error('no share of 1 % or more has so small a mean');
  }

  const { edge, ratio } = start;
  const clamped = ratios.map((own) => (edge * own < ratio ? 1n : edge * own >= maximum * ratio ? maximum : undefined));
  const fixed = add(traffic.map((weight, i) => weight * (clamped[i] ?? 0n)));
  const growing = add(traffic.map((weight, i) => (clamped[i] === undefined ? weight * ratios[i] : 0n)));
  if (growing === 0n) {
    return { numerators: clamped.map((share) => share ?? 0n), denominator: 1n };
  }
  const factor = asked - mean.denominator * fixed;
  const denominator = mean.denominator * growing;
  return {
    numerators: ratios.map((own, i) => {
      const share = clamped[i];
      return share === undefined ? own * factor : share * denominator;
    }),
    denominator,
  };
}

export const add = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

const clamp = (value: bigint, from: bigint, to: bigint): bigint => (value < from ? from : value > to ? to : value);
