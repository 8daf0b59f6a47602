import fc from 'fast-check';
import type { Finding } from '../../../lib/core/finding';
import { composeReport, gateUntil, type Judged, REPORT_LENGTH } from '../../../lib/gate/report';

const finding = (over: Partial<Finding> = {}): Finding => ({
  check: 'freeze',
  verdict: 'FAIL',
  reason: 'frozen by Jo',
  ...over,
});
const blocking = (over: Partial<Finding> = {}): Judged => ({ finding: finding(over), blocks: true });
const passing = (over: Partial<Finding> = {}): Judged => ({
  finding: finding({ verdict: 'PASS', reason: 'all is well', ...over }),
  blocks: false,
});

test('checks that block come first, with their reason, start and end', () => {
  const judged = [
    passing({ check: 'cadence', reason: '1 of 2 today' }),
    blocking({ since: '2026-11-20T08:00:00Z', until: '2026-11-23T07:00:00Z' }),
    passing({ check: 'board', verdict: 'INCONCLUSIVE', reason: 'no data', unblockedBy: 'there is data' }),
    blocking({ check: 'load test', reason: 'did not pass', unblockedBy: 'it passes' }),
  ];
  expect(composeReport('orders is blocked by 2 of 4 checks', judged)).toBe(
    [
      'orders is blocked by 2 of 4 checks',
      'FAIL freeze: frozen by Jo [since Fri 2026-11-20 08:00 UTC, until Mon 2026-11-23 07:00 UTC]',
      'FAIL load test: did not pass [unblocked when it passes]',
      'PASS cadence: 1 of 2 today',
      'INCONCLUSIVE board: no data [unblocked when there is data]',
    ].join('\n'),
  );
});

test('a warning comes before the reason', () => {
  expect(composeReport('passed', [passing({ warning: 'evidence expires soon' })])).toBe(
    'passed\nPASS freeze: WARNING: evidence expires soon; all is well',
  );
});

test('a long reason is cut, and what comes after it is kept', () => {
  const judged = [blocking({ reason: 'x'.repeat(5_000), until: '2026-11-23T07:00:00Z' }), blocking({ check: 'last' })];
  const text = composeReport('blocked', [...judged, passing({ check: 'cadence' })]);
  expect(text.length).toBeLessThanOrEqual(REPORT_LENGTH);
  expect(text).toContain('xxx… [until Mon 2026-11-23 07:00 UTC]\nFAIL last: frozen by Jo');
});

test('checks that block take the space of those that pass', () => {
  const text = composeReport('blocked', [
    passing({ check: 'cadence', reason: 'y'.repeat(5_000) }),
    blocking({ reason: 'x'.repeat(1_800) }),
  ]);
  expect(text).toContain('x'.repeat(1_800));
});

test('twenty checks that block are all named, however long their reasons', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9 .%_-]{1,50}$/);
  const long = fc.string({ maxLength: 2_500 });
  fc.assert(
    fc.property(
      long,
      fc.array(fc.record({ check: name, reason: long, unblockedBy: long }), { maxLength: 20 }),
      fc.array(fc.record({ check: name, reason: long }), { maxLength: 20 }),
      (title, blocked, passed) => {
        const judged = [...blocked.map((each) => blocking(each)), ...passed.map((each) => passing(each))];
        const text = composeReport(title, judged);
        expect(text.length).toBeLessThanOrEqual(REPORT_LENGTH);
        for (const { check } of blocked) expect(text).toContain(`FAIL ${check}`);
      },
    ),
    { numRuns: 200 },
  );
});

test('many more checks are counted', () => {
  const text = composeReport(
    'blocked',
    Array.from({ length: 100 }, (_, index) => blocking({ check: `${'n'.repeat(45)} ${index}` })),
  );
  expect(text.length).toBeLessThanOrEqual(REPORT_LENGTH);
  expect(text).toMatch(/FAIL n+ 0; FAIL n+ 1; .*; and \d+ more$/);
});

describe('a gate opens', () => {
  const until = (moment?: string) => finding({ until: moment });

  test('at the latest end of the checks that block', () => {
    const moments = ['2026-11-23T07:00:00Z', '2026-11-23T09:00:00+01:00', '2026-11-21T07:00:00Z'];
    expect(gateUntil(moments.map(until))).toBe('2026-11-23T08:00:00.000Z');
  });

  test('at an unknown time, if one has no end', () => {
    expect(gateUntil([until('2026-11-23T07:00:00Z'), until()])).toBeUndefined();
    expect(gateUntil([])).toBeUndefined();
  });
});
