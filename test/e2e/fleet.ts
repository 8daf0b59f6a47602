import type { LocalPipeline } from './local-pipeline';

/** What every alias of production serves, when all serve the same; otherwise what each of them serves. */
export function fleetOf({ fleet }: LocalPipeline): unknown {
  const production = fleet.fleet('PRODUCTION');
  const served = Object.values(production).map((shares) => JSON.stringify(shares));
  return new Set(served).size === 1 ? JSON.parse(served[0]) : production;
}
