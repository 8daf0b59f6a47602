import { ledgerOfPipeline } from '../ledger/ledger-client';
import { parseState } from '../rollout/parse-state';
import { rolloutHandler } from '../rollout/rollout-handler';
import { passage } from '../rollout/rollout-messages';
import { start } from '../rollout/start';
import { targetAt } from '../workload/kinds/targets';

/** Starts the deployments of a rollout: all of them, or none. */
export const handler = rolloutHandler(
  'start',
  (task) => start({ ledger: ledgerOfPipeline(), targetAt }, task),
  parseState,
  passage,
);
