import type { Call, Fault } from '../local-aws/call';
import { named } from '../local-aws/retried-task';
import { type FaultKind, THROTTLED_MINUTES } from './kinds';
import { type Site, SiteNames, sameSite, siteText } from './site';

/** Makes one call fail: the first at its site, and the further ones that the kind of fault includes. */
export class Injector {
  /** Moment of the first failure. */
  private since: number | undefined;
  /** Invocation in which the first call failed. */
  private invocation = '';
  private readonly names = new SiteNames();

  constructor(
    private readonly site: Site,
    private readonly kind: FaultKind,
    private readonly now: () => number,
  ) {}

  get wasMet(): boolean {
    return this.since !== undefined;
  }

  /** Returns the fault for a call that reaches the local AWS. */
  onCall(call: Call, action: string): Fault | undefined {
    const site = this.names.name(call, action);
    if (this.since === undefined) {
      if (!sameSite(site, this.site)) return undefined;
      this.since = call.at;
      this.invocation = call.invocation;
    } else if (!this.goesOn(site, call)) {
      return undefined;
    }
    return this.kind.fault;
  }

  /** Throws as a task fails, for a call of the state machine itself. */
  onState(state: string, moment: 'before' | 'after', action: string): void {
    const { ofMachine } = this.kind;
    const { caller, operation } = this.site;
    if (caller !== 'machine' || !ofMachine || ofMachine.moment !== moment) return;
    if (operation !== invocation(state)) return;
    if (this.since === undefined) {
      if (action !== this.site.action) return;
      this.since = this.now();
    } else if (this.kind.lasts === 'request' || this.kind.lasts === 'call' || this.isOver(this.now())) {
      return;
    }
    throw named(errorName(state, ofMachine.error), `${siteText(this.site)}: ${this.kind.name}`);
  }

  private goesOn(site: Site, { at, invocation }: Call): boolean {
    switch (this.kind.lasts) {
      case 'request':
        return false;
      case 'call':
        // These are the SDK's further attempts.
        return invocation !== '' && invocation === this.invocation;
      // Throttling and a lost permission meet every caller that shares them.
      case 'minutes':
        return site.operation === this.site.operation && site.region === this.site.region && !this.isOver(at);
      case 'for good':
        return (
          site.operation === this.site.operation &&
          site.region === this.site.region &&
          roleOf(site.caller) === roleOf(this.site.caller)
        );
    }
  }

  private isOver(at: number): boolean {
    return this.kind.lasts === 'minutes' && at - (this.since ?? at) >= THROTTLED_MINUTES * 60_000;
  }
}

/** Name of the machine's own call in a state. */
export const invocation = (state: string): string => `invoke ${state}`;

/** Names an error as Step Functions does for its integrations. All errors of a started execution have one name. */
function errorName(state: string, error: string): string {
  switch (state) {
    case 'Leg':
      return `StepFunctions.${error === 'SdkClientException' ? error : 'AWSStepFunctionsException'}`;
    case 'StopRollout':
      return `Sfn.${error}`;
    case 'Tell':
      return `SNS.${error}`;
    default:
      return `Lambda.${error}`;
  }
}

/** Names the role of a handler: handlers of one role lose a permission together. */
export function roleOf(caller: string): string {
  switch (caller) {
    case 'ledger':
    case 'reopen':
      return 'ledger';
    case 'gate':
    case 'publish':
    case 'never-promote':
      return caller;
    default:
      return 'rollout';
  }
}
