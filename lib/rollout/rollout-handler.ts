import { fitText } from '../core/fit';
import { composeWithLink } from '../messages/compose-message';
import type { Notice } from '../messages/message';
import { type LoggedTask, logOutcome } from './log';
import type { RolloutTask } from './parse-state';
import { type Outcome, STATE_SCHEMA } from './state';

/** Characters of a reason, which travels in the machine's state, and ends in a stage's message. */
const MAX_REASON = 2_000;

/**
 * Wraps the decision of a rollout handler: reads the state, and logs the answer.
 *
 * @param parse reads the state
 * @param noticeOf returns the notice to the team about the answer, if any; the machine sends it
 */
export function rolloutHandler<T extends LoggedTask = RolloutTask>(
  name: string,
  decide: (task: T) => Promise<Outcome>,
  parse: (event: unknown) => T,
  noticeOf: (task: T, outcome: Outcome) => Notice | undefined = () => undefined,
): (event: unknown) => Promise<Outcome> {
  return async (event) => {
    const task = parse(event);
    const decided = await decide(task);
    const outcome = { ...decided, reason: fitText(decided.reason, MAX_REASON) };
    logOutcome(name, task, outcome);
    const notice = noticeOf(task, outcome);
    const { commit: _forNotice, ...answer } = outcome;
    const stored = { schema: STATE_SCHEMA, ...answer };
    return notice ? { ...stored, message: composeWithLink(notice) } : stored;
  };
}
