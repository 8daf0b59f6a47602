import { says } from '../../gates/ask';
import { EUROPE, type GateCase, MINUTE, REGIONS, RELEASE } from '../../gates/case';
import { GATE_CASES } from '../../gates/cases';
import { askLocally } from '../../gates/local';
import { traffic } from '../../gates/written';

/** A service whose budget is whole in both regions. */
const healthy: GateCase['given'] = (now) => ({
  written: REGIONS.flatMap((region) => traffic(now, { region, requests: 40_320, days: 28 })),
  reason: '100.0 % of the budget left',
});

/** A service that has failed for the last minutes. */
const down: GateCase['given'] = (now) => ({
  served: { [EUROPE]: ['shop-handler'] },
  written: traffic(now, { region: EUROPE, requests: 40_320, days: 28, errors: [{ at: now - MINUTE, count: 100 }] }),
  reason: '100.0 min down',
});

describe.each(GATE_CASES)('$name', ({ given, verdict }) => {
  test(`is ${verdict}, for the reason that is expected`, async () => {
    const { facts, answer } = await askLocally(given);
    expect(answer).toMatchObject({ verdict, blocks: verdict !== 'PASS' });
    // Shows both when the reason does not match.
    expect([answer.reason, says(answer.reason, facts.reason)]).toEqual([answer.reason, true]);
    if (facts.until !== undefined) expect(Date.parse(String(answer.until))).toBe(facts.until);
  });
});

test('the block of a release is announced with its reason, and is recorded', async () => {
  const { answer } = await askLocally(down);
  expect(answer.job).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('FAIL availability 99.9: 100.0 min down'),
  });
  expect(answer.blocked).toMatchObject({ state: 'BLOCKED', ...RELEASE, until: answer.until });
  expect(answer.published).toEqual(['shop: gate of Canary blocks (c0ffee123456)']);
});

test('a release that may enter leaves nothing behind', async () => {
  const { answer } = await askLocally(healthy);
  expect(answer.job).toMatchObject({ state: 'succeeded' });
  expect(answer.blocked).toBeUndefined();
  expect(answer.published).toEqual([]);
});

test('a low budget is announced, and blocks nothing', async () => {
  const littleLeft = GATE_CASES.find(({ name }) => name === 'little left') as GateCase;
  const { answer } = await askLocally(littleLeft.given);
  expect(answer.job).toMatchObject({ state: 'succeeded' });
  expect(answer.published).toEqual(['shop: warned (c0ffee123456)']);
});

test.each(GATE_CASES.filter(({ verdict }) => verdict === 'ERROR'))('within a minute: $name', async ({ given }) => {
  const { answer } = await askLocally(given);
  // The time is virtual: the clients wait for an answer that never comes.
  expect(answer.seconds).toBeLessThan(60);
  expect(answer.job).toMatchObject({ state: 'failed' });
});

test('the gate waits for a missing answer', async () => {
  const silent = GATE_CASES.find(({ name }) => name.startsWith('CloudWatch gives no answer')) as GateCase;
  const { answer } = await askLocally(silent.given);
  expect(answer.seconds).toBeGreaterThan(5);
});
