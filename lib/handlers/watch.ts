import { ledgerOfPipeline } from '../ledger/ledger-client';
import { parseState } from '../rollout/parse-state';
import { rolloutHandler } from '../rollout/rollout-handler';
import { watch } from '../rollout/watch';
import { readShifts } from '../workload/kinds/deployments';

/** Checks the deployments and alarms of all environments of a rollout, and that the release is still under way. */
export const handler = rolloutHandler(
  'watch',
  (task) => watch({ ledger: ledgerOfPipeline(), readShifts }, task),
  parseState,
);
