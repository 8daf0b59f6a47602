import fc from 'fast-check';
import { describeDeployment, type Mark, markOf, sameMark } from '../../../lib/workload/description';

const COMMIT = 'c0ffee1234567890c0ffee1234567890c0ffee12';
const MARK: Mark = { executionId: 'e-1', rollout: 'canary', attempt: 1, purpose: 'shift' };

test('a canary says that it returns by design', () => {
  expect(describeDeployment(MARK, 'CANARY', COMMIT)).toBe('canary of c0ffee123456: returns by design [e-1/canary]');
});

test.each([
  [{ ...MARK, rollout: 'Europe' }, 'WAVE', 'wave Europe of c0ffee123456 [e-1/Europe]'],
  [{ ...MARK, rollout: 'staging', attempt: 2 }, 'STAGING', 'staging of c0ffee123456 [e-1/staging#2]'],
  [{ ...MARK, purpose: 'anchor' }, 'CANARY', 'anchor before canary of c0ffee123456 [e-1/canary/anchor]'],
  [{ ...MARK, purpose: 'rollback' }, 'CANARY', 'rollback of c0ffee123456 [e-1/canary/rollback]'],
] as const)('%j', (mark, kind, text) => {
  expect(describeDeployment(mark, kind, COMMIT)).toBe(text);
});

const mark = fc.record({
  executionId: fc.uuid(),
  rollout: fc.stringMatching(/^[A-Za-z0-9 ._@-]{1,100}$/),
  attempt: fc.integer({ min: 1, max: 99 }),
  purpose: fc.constantFrom('shift', 'anchor', 'rollback'),
} as const);

test('every description fits CodeDeploy, and its mark can be read from it', () => {
  fc.assert(
    fc.property(
      mark,
      fc.constantFrom('STAGING', 'CANARY', 'WAVE'),
      fc.string({ maxLength: 300 }),
      (given, kind, commit) => {
        const text = describeDeployment(given, kind, commit);
        expect(text.length).toBeLessThanOrEqual(256);
        expect(markOf(text)).toEqual(given);
        expect(sameMark(markOf(text), given)).toBe(true);
      },
    ),
  );
});

test('two different marks are never the same', () => {
  fc.assert(
    fc.property(mark, mark, (a, b) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b));
      expect(sameMark(a, b)).toBe(false);
    }),
  );
});

test.each([undefined, '', 'by hand', 'canary of x [e-1]', '[e-1/canary] and more', 'x [e-1/canary/other thing]'])(
  'somebody else’s description has no mark: %j',
  (description) => {
    expect(markOf(description)).toBeUndefined();
  },
);
