import { ledgerOfPipeline } from '../ledger/ledger-client';
import { parseState } from '../rollout/parse-state';
import { rolloutHandler } from '../rollout/rollout-handler';
import { passage } from '../rollout/rollout-messages';
import { settle } from '../rollout/settle';
import { targetAt } from '../workload/kinds/targets';

/** Ends a rollout that went well: a canary returns to stable, anything else stays where it has arrived. */
export const handler = rolloutHandler(
  'settle',
  (task) => settle({ ledger: ledgerOfPipeline(), targetAt }, task),
  parseState,
  passage,
);
