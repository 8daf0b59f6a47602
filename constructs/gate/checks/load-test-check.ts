import { loadTestParameterName } from '../../../lib/plan/names';
import { commonConfig, shortText } from '../common';
import type { BoundCheck } from '../gate-context';
import { mayReadParameters } from '../parameter-access';
import type { LoadTestOptions } from './load-test-options';

const PROPERTY = 'GateCheck.loadTest';

export function loadTest(options: LoadTestOptions): BoundCheck {
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
    grants: (context) => mayReadParameters(context, [loadTestParameterName(context.service)]),
  };
}
