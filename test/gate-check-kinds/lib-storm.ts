import type { Finding } from '../../lib/core/finding';
import { count, type Shape, text } from '../../lib/core/shape';
import { configOf } from '../../lib/gate/check-config';
import type { CheckKind } from '../../lib/gate/check-kind';

/** Stands for `lib/gate/checks/storm.ts`. */
const readConfig = configOf('STORM', {
  parameter: text,
  /** In m/s. */
  maxWind: count,
});
export type StormConfig = Shape<typeof readConfig>;

interface StormFacts {
  /** In m/s. */
  readonly wind: number;
}

function checkStorm({ name: check, maxWind }: StormConfig, { wind }: StormFacts): Finding {
  const verdict = wind > maxWind ? 'FAIL' : 'PASS';
  return { check, verdict, reason: `wind of ${wind} m/s, at most ${maxWind} m/s are allowed` };
}

/** Blocks releases in a storm: nobody would come to the office to watch them. */
export const storm: CheckKind<StormConfig, StormFacts> = {
  kind: 'STORM',
  readConfig,
  readFacts: async ({ parameter }, candidate) => ({
    wind: Number((await candidate.parameters([parameter])).get(parameter)?.value ?? 0),
  }),
  decide: checkStorm,
};
