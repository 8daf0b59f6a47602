import { compose, type SnsMessage } from '../messages/compose';
import { machineLink } from '../messages/console-link';
import { placeNames } from '../messages/place-names';
import { environmentsIn, targetsIn } from '../plan/environments';
import type { RolloutPlan } from '../plan/rollout-plan';

/** Message of the machine itself, for cases in which no handler could run. */
export interface FixedMessage {
  readonly reason: string;
  readonly message: SnsMessage;
}

/**
 * Returns the messages that synth makes. They cannot name a release; their link leads to the machine, whose last
 * execution does. A rollback that could not run leaves an unknown state, so its message names all of production.
 */
export function fixedMessages(
  plan: Pick<RolloutPlan, 'service' | 'environments'>,
  machineArn: string,
): { readonly collectFailed: FixedMessage; readonly rollbackFailed: FixedMessage } {
  const { service } = plan;
  const production = environmentsIn(plan, 'PRODUCTION');
  const places = targetsIn(plan, production);
  const fixed = (
    kind: 'BLOCKED' | 'ROLLBACK_INCOMPLETE',
    reason: string,
    where: readonly string[] = ['not known'],
  ): FixedMessage => ({
    reason,
    message: compose({
      kind,
      service,
      executionId: 'see the input of the last execution that failed',
      commit: undefined,
      where,
      why: reason,
      link: machineLink(machineArn.split(':')[3], machineArn),
    }),
  });
  return {
    collectFailed: fixed(
      'BLOCKED',
      'The published candidates could not be recorded, and this rollout has shifted nothing: retry the stage. If a wave had begun before, the release is rolled back instead.',
    ),
    rollbackFailed: fixed(
      'ROLLBACK_INCOMPLETE',
      `The rollback could not run: its handler failed for four hours. It is therefore unknown what ${placeNames(places)} serve.`,
      production,
    ),
  };
}
