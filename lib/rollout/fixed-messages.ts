import { compose, type SnsMessage } from '../messages/compose';
import { machineLink } from '../messages/console-link';
import { placeNames } from '../messages/place-names';
import { environmentsIn, targetsIn } from '../plan/environments';
import type { RolloutPlan } from '../plan/rollout-plan';

/** What the machine says itself, where no handler could be run that would. */
export interface FixedMessage {
  readonly reason: string;
  readonly message: SnsMessage;
}

/**
 * They cannot name a release: they are made at synth. Their link leads to the machine, whose last execution does. What a
 * rollback that could not run has left is not known, so that all of production is named.
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
      'What the environments have published could not be recorded. Nothing was shifted by this: retry the stage; or, when a wave has begun before, the release is rolled back.',
    ),
    rollbackFailed: fixed(
      'ROLLBACK_INCOMPLETE',
      `The rollback could not run: its handler failed for four hours. Not known is therefore what ${placeNames(places)} serve.`,
      production,
    ),
  };
}
