import type { Fault } from '../local-aws/call';

/** Duration of "throttled for 10 min", in minutes. */
export const THROTTLED_MINUTES = 10;

/** A way in which a call goes wrong. */
export interface FaultKind {
  readonly name: string;
  /** Duration: one request; one call with all its attempts, because an immediate retry fails again; or longer. */
  readonly lasts: 'request' | 'call' | 'minutes' | 'for good';
  /** Failure of one call. */
  readonly fault: Fault;
  /** Error and moment of a failed task of the state machine; undefined if the machine's own calls cannot fail so. */
  readonly ofMachine?: { readonly error: string; readonly moment: 'before' | 'after' };
}

/**
 * A time-out is a connection that breaks. The SDK treats both as a missing answer and retries alike, while the clients'
 * real timeouts would take seconds of real time each.
 */
export const KINDS: readonly FaultKind[] = [
  {
    name: 'throttled once',
    lasts: 'request',
    fault: { kind: 'throttled' },
    ofMachine: { error: 'TooManyRequestsException', moment: 'before' },
  },
  {
    name: `throttled for ${THROTTLED_MINUTES} min`,
    lasts: 'minutes',
    fault: { kind: 'throttled' },
    ofMachine: { error: 'TooManyRequestsException', moment: 'before' },
  },
  {
    name: '5xx once',
    lasts: 'request',
    fault: { kind: 'server-error' },
    ofMachine: { error: 'ServiceException', moment: 'before' },
  },
  {
    name: 'times out, took effect',
    lasts: 'call',
    fault: { kind: 'no-answer', effect: true },
    ofMachine: { error: 'SdkClientException', moment: 'after' },
  },
  {
    name: 'times out, no effect',
    lasts: 'call',
    fault: { kind: 'no-answer', effect: false },
    ofMachine: { error: 'SdkClientException', moment: 'before' },
  },
  {
    name: 'access denied for good',
    lasts: 'for good',
    fault: { kind: 'denied' },
    ofMachine: { error: 'AccessDeniedException', moment: 'before' },
  },
  { name: 'malformed answer', lasts: 'call', fault: { kind: 'garbled', body: '<html>502 Bad Gateway</html>' } },
  { name: 'empty answer', lasts: 'call', fault: { kind: 'garbled', body: '{}' } },
];

export const isTransient = ({ lasts }: FaultKind): boolean => lasts !== 'for good';

export function kindNamed(name: string): FaultKind {
  const found = KINDS.find((kind) => kind.name === name);
  if (!found)
    throw new Error(`'${name}' is no kind of fault; the kinds are ${KINDS.map((kind) => kind.name).join(', ')}`);
  return found;
}
