import type { LocalPipeline } from './local-pipeline';

/** Returns the shares that every alias of production serves, or the shares of each alias if they differ. */
export function fleetOf({ fleet }: LocalPipeline): unknown {
  const production = fleet.fleet('PRODUCTION');
  const served = Object.values(production).map((shares) => JSON.stringify(shares));
  return new Set(served).size === 1 ? JSON.parse(served[0]) : production;
}
