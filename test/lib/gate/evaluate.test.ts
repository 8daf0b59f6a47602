import { text } from '../../../lib/core/shape';
import { configOf } from '../../../lib/gate/check-config';
import type { CheckKind } from '../../../lib/gate/check-kind';
import { evaluate } from '../../../lib/gate/evaluate';
import { aCandidate } from './candidate';

const readConfig = configOf('ORACLE', { says: text });
type OracleConfig = ReturnType<typeof readConfig>;

/** Returns the verdict of its configuration; or throws, or never answers. */
const oracle: CheckKind<OracleConfig, string> = {
  kind: 'ORACLE',
  readConfig,
  readFacts: async ({ says }) => {
    if (says === 'error') throw new Error('the oracle is closed');
    if (says === 'nothing') await new Promise(() => undefined);
    return says;
  },
  decide: ({ name: check }, says) => ({
    check,
    verdict: says === 'yes' ? 'PASS' : says === 'perhaps' ? 'INCONCLUSIVE' : 'FAIL',
    reason: says,
  }),
};

const check = (says: string, over: Partial<OracleConfig> = {}): OracleConfig => ({
  kind: 'ORACLE',
  name: says,
  stages: ['Canary'],
  says,
  ...over,
});
const judged = (...checks: OracleConfig[]) => evaluate(aCandidate({ checks }), [oracle]);
const shown = (all: Awaited<ReturnType<typeof judged>>) =>
  all.map(({ finding: { verdict, reason }, blocks }) => `${verdict} ${reason}${blocks ? ': blocks' : ''}`);

test('every check is answered, in its order', async () => {
  expect(shown(await judged(check('yes'), check('no')))).toEqual(['PASS yes', 'FAIL no: blocks']);
});

test('a check that throws is an error, and the others still answer', async () => {
  expect(shown(await judged(check('error'), check('yes')))).toEqual([
    'ERROR could not be evaluated: Error: the oracle is closed: blocks',
    'PASS yes',
  ]);
});

test('INCONCLUSIVE and ERROR block, unless their check is configured otherwise', async () => {
  const lenient = { inconclusiveBlocks: false, errorBlocks: false };
  expect(shown(await judged(check('perhaps'), check('perhaps', lenient), check('error', lenient)))).toEqual([
    'INCONCLUSIVE perhaps: blocks',
    'INCONCLUSIVE perhaps',
    'ERROR could not be evaluated: Error: the oracle is closed',
  ]);
});

test('a check that never answers is an error after 25 s', async () => {
  jest.useFakeTimers();
  try {
    const answer = judged(check('nothing'), check('yes'));
    await jest.advanceTimersByTimeAsync(25_000);
    expect(shown(await answer)).toEqual(['ERROR gave no answer within 25 s: blocks', 'PASS yes']);
  } finally {
    jest.useRealTimers();
  }
});

test('a check of an unknown kind is an error', async () => {
  const [first] = await evaluate(aCandidate({ checks: [check('yes')] }), []);
  expect(first).toMatchObject({ blocks: true, finding: { verdict: 'ERROR' } });
});
