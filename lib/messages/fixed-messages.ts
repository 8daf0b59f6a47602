import { compose, type SnsMessage } from './compose';
import { machineLink } from './console-link';

/** What the machine says itself, where no handler could be run that would. */
export interface FixedMessage {
  readonly reason: string;
  readonly message: SnsMessage;
}

/** They cannot name a release: they are made at synth. Their link leads to the machine, whose last execution does. */
export function fixedMessages(
  service: string,
  machineArn: string,
): { readonly collectFailed: FixedMessage; readonly rollBackFailed: FixedMessage } {
  const fixed = (kind: 'BLOCKED' | 'ROLL_BACK_INCOMPLETE', reason: string): FixedMessage => ({
    reason,
    message: compose({
      kind,
      service,
      executionId: 'see the input of the last execution that failed',
      commit: undefined,
      where: ['not known'],
      why: reason,
      link: machineLink(machineArn.split(':')[3], machineArn),
    }),
  });
  return {
    collectFailed: fixed(
      'BLOCKED',
      'What the environments have published could not be recorded. Nothing has shifted; retry the stage.',
    ),
    rollBackFailed: fixed(
      'ROLL_BACK_INCOMPLETE',
      'The roll back could not run: its handler failed for four hours. What the regions serve is not known.',
    ),
  };
}
