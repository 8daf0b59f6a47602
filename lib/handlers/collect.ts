import { ledgerOfPipeline } from '../ledger/ledger-client';
import { collect } from '../rollout/collect';
import { parseState } from '../rollout/parse-state';
import { rolloutHandler } from '../rollout/rollout-handler';
import { refusal } from '../rollout/rollout-messages';
import { kindOf } from '../workload/kinds/kinds';

/** Records in the ledger what the environments have published for the release, and lets a rollout begin in its window. */
export const handler = rolloutHandler(
  'collect',
  (task) => collect({ ledger: ledgerOfPipeline(), kindOf }, task),
  parseState,
  refusal,
);
