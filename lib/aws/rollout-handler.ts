import type { Telling } from '../messages/rollout-messages';
import type { RolloutTask } from '../rollout/parse-state';
import type { Outcome } from '../rollout/state';
import { composeWithLink } from './compose-message';
import type { Environment } from './environment-clients';
import { type LoggedTask, logOutcome } from './log';
import type { Places } from './places';

/** A reason travels in the machine's state, and ends in a stage's message. */
const MAX_REASON = 2_000;

/**
 * What every handler of a rollout does around its decision: read the state, and write its answer to the log.
 *
 * @param parse reads the state
 * @param tell what the team is told about the answer, if anything: the machine sends it
 */
export function rolloutHandler<T extends LoggedTask = RolloutTask>(
  name: string,
  decide: (task: T) => Promise<Outcome>,
  parse: (event: unknown) => T,
  tell: (task: T, outcome: Outcome) => Telling | undefined = () => undefined,
): (event: unknown) => Promise<Outcome> {
  return async (event) => {
    const task = parse(event);
    const decided = await decide(task);
    const { reason } = decided;
    const outcome = reason.length > MAX_REASON ? { ...decided, reason: `${reason.slice(0, MAX_REASON)}…` } : decided;
    logOutcome(name, task, outcome);
    const telling = tell(task, outcome);
    const { commit: _toldAlone, ...answer } = outcome;
    return telling ? { ...answer, message: composeWithLink(telling) } : answer;
  };
}

/** An environment of the plan, as the clients want it. */
export function environmentOf({ plan }: { readonly plan: Places }, name: string): Environment {
  const { region, roleArn } = plan.environments[name];
  return { service: plan.service, region, roleArn };
}

/** Names of the plan's production environments, in their order. */
export function productionOf({ plan }: Pick<RolloutTask, 'plan'>): readonly string[] {
  return Object.entries(plan.environments)
    .filter(([, { phase }]) => phase === 'PRODUCTION')
    .map(([name]) => name);
}
