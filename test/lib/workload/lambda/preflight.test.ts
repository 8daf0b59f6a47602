import { refusalsOf, type SplitFacts } from '../../../../lib/workload/lambda/preflight';

const SAME: SplitFacts = {
  provisionedConcurrency: false,
  stable: { version: '3', role: 'a' },
  candidate: { version: '4', role: 'a' },
};

const facts = (change: Partial<SplitFacts>): SplitFacts => ({ ...SAME, ...change });

test('two versions with the same role and queue can share traffic', () => {
  expect(refusalsOf(SAME)).toEqual([]);
});

test.each([
  ['provisioned concurrency', { provisionedConcurrency: true }, 'has provisioned concurrency under its alias'],
  [
    'another role',
    { candidate: { version: '4', role: 'b' } },
    'cannot shift: its versions 3 and 4 differ in their execution role (a, b)',
  ],
  [
    'another dead-letter queue',
    { candidate: { version: '4', role: 'a', deadLetterQueue: 'q' } },
    'cannot shift: its versions 3 and 4 differ in their dead-letter queue (none, q)',
  ],
])('%s does', (_name, change, reason) => {
  expect(refusalsOf(facts(change))).toEqual([expect.stringContaining(reason)]);
});

test('the answer has all reasons at once', () => {
  const candidate = { version: '4', role: 'b', deadLetterQueue: 'q' };
  expect(refusalsOf(facts({ provisionedConcurrency: true, candidate }))).toHaveLength(3);
});
