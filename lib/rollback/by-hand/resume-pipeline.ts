import { reopen } from '../../ledger/hold';
import type { PersonHold } from '../../ledger/items';
import { isOurs, type Transition } from '../../ledger/transitions';
import type { PipelineSide } from './pipeline-side';

/** Changes made by the end of a hold. */
export interface Resumed {
  /** The hold that was ended; undefined when there was none. */
  readonly hold: PersonHold | undefined;
  /** Stages whose transition was enabled. */
  readonly enabled: readonly string[];
  /** Stages whose transition stays disabled, and why. */
  readonly disabled: readonly { readonly stage: string; readonly why: string }[];
}

/** Ends a person's hold. Keeps transitions disabled that a person disabled in the console, or that a release needs. */
export async function resumePipeline(side: PipelineSide): Promise<Resumed> {
  const { ledger, transitions, statusOf } = side;
  const hold = await ledger.personHold();
  await ledger.removeHold();
  const enabled = await reopen(ledger, transitions, statusOf);
  const holder = await ledger.holder();
  const found = await transitions.read();
  const whyOf = (transition: Transition): string => {
    if (!isOurs(transition)) return `disabled in the console: ${transition.reason ?? '(no reason given)'}`;
    return holder?.state === 'HELD'
      ? `release ${holder.executionId} holds production: its end enables it`
      : 'another release is about to acquire production: its end enables it';
  };
  const disabled = found.filter((each) => !each.enabled).map((each) => ({ stage: each.stage, why: whyOf(each) }));
  return { hold, enabled, disabled };
}
