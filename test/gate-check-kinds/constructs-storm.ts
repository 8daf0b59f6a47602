import { wholeNumber } from '../../constructs/core/validation';
import { commonConfig } from '../../constructs/gate/common';
import type { GateCheckOptions } from '../../constructs/gate/gate-check-options';
import type { CheckBinding } from '../../constructs/gate/gate-context';
import type { StormConfig } from './lib-storm';

/** Stands for `constructs/gate/checks/storm.ts`. */
export interface StormOptions extends GateCheckOptions {
  /** In m/s. */
  readonly maxWind: number;
}

export const PARAMETER = '/weather/wind';

const PROPERTY = 'GateCheck.storm';

export function storm(options: StormOptions): CheckBinding<StormConfig> {
  const common = commonConfig(options, PROPERTY, 'storm');
  const maxWind = wholeNumber(options.maxWind, `${PROPERTY}: maxWind`, 1, 50, 'it is a wind in m/s');
  return {
    bind: () => ({ kind: 'STORM', ...common, parameter: PARAMETER, maxWind }),
    parameters: () => [PARAMETER],
  };
}
