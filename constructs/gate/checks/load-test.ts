import type { LoadTestConfig } from '../../../lib/gate/checks/load-test';
import { loadTestParameterName } from '../../../lib/plan/names';
import { commonConfig, shortText } from '../common';
import type { GateCheckOptions } from '../gate-check-options';
import type { CheckBinding } from '../gate-context';

/** Requirements of a candidate's load test. */
export interface LoadTestOptions extends GateCheckOptions {
  /**
   * Required configuration, in the words in which the load test reports it: `200 rps, 30 min`, or a hash of its files.
   * At most 200 characters. A run with another configuration does not count: a load test that was made harder must pass
   * anew.
   *
   * @default - any configuration
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
