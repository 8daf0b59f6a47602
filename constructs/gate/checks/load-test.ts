import type { LoadTestConfig } from '../../../lib/gate/checks/load-test';
import { loadTestParameterName } from '../../../lib/plan/names';
import { commonConfig, shortText } from '../common';
import type { GateCheckOptions } from '../gate-check-options';
import type { CheckBinding } from '../gate-context';

/** What counts as the load test of a candidate. */
export interface LoadTestOptions extends GateCheckOptions {
  /**
   * What the load test has to be set up with, in the words in which it reports it: `200 rps, 30 min`, or a hash of its files.
   * At most 200 characters. What was run with another configuration does not count: a load test that was made harder is to be
   * passed anew.
   *
   * @default - whatever it was run with
   */
  readonly configuration?: string;
}

const PROPERTY = 'GateCheck.loadTest';

export function loadTest(options: LoadTestOptions): CheckBinding<LoadTestConfig> {
  const { configuration } = options;
  const common = commonConfig(options, PROPERTY, 'load test');
  if (configuration !== undefined) shortText(configuration, `${PROPERTY}: configuration`, 200);
  return {
    bind: ({ service }) => ({
      kind: 'LOAD_TEST',
      ...common,
      parameter: loadTestParameterName(service),
      ...(configuration !== undefined && { configuration }),
    }),
    parameters: ({ service }) => [loadTestParameterName(service)],
  };
}
