import { ledgerOfPipeline } from '../ledger/ledger-client';
import { collect } from '../rollout/collect';
import { parseState } from '../rollout/parse-state';
import { rolloutHandler } from '../rollout/rollout-handler';
import { refusal } from '../rollout/rollout-messages';
import { kindOf } from '../workload/kinds/kinds';

/** Records in the ledger the revisions that the environments have published, and delays a rollout until its window opens. */
export const handler = rolloutHandler(
  'collect',
  (task) => collect({ ledger: ledgerOfPipeline(), kindOf }, task),
  parseState,
  refusal,
);
