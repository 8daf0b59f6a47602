import type { Candidate } from '../../../lib/gate/candidate';

const unread = (what: string) => async (): Promise<never> => {
  throw new Error(`this test has no ${what}`);
};

/** A release of `orders` at the gate of Canary. Data that a test does not give cannot be read. */
export const aCandidate = (over: Partial<Candidate> = {}): Candidate => ({
  service: 'orders',
  request: { stage: 'Canary', executionId: 'e-1', commit: 'c0ffee' },
  now: Date.parse('2026-11-20T12:00:00Z'),
  checks: [],
  stable: unread('stable release'),
  served: unread('regions'),
  release: unread('release'),
  parameters: unread('parameters'),
  alarms: unread('alarms'),
  metrics: unread('metrics'),
  budgetReport: unread('budget reports'),
  invoke: unread('functions'),
  ...over,
});
