import { setTimeout } from 'node:timers/promises';
import { bounded } from '../../lib/core/bounded';
import { table } from '../bench/statistics';
import type { GateCase } from '../gates/case';
import { GATE_CASES } from '../gates/cases';
import { type Outcome, runCase } from './gate/run-case';

/** Processes at a time: some mostly wait for answers that never come. */
const AT_ONCE = 4;

/** Maximum characters of a reason in the table. */
const REASON_LENGTH = 96;

/** Tries to reach moto, half a second apart. */
const START_TRIES = 120;

const NOTES = [
  'moto has no CodePipeline jobs: a proxy in front of it takes the answer of the gate, injects faults, and checks the requests to CloudWatch.',
  'moto keeps points of every period for ever: the proxy removes those that CloudWatch would no longer have.',
  'moto gives every answer in one page: test/e2e/gate-cloudwatch.test.ts shows that the gate reads all pages.',
];

async function main(): Promise<void> {
  const port = Number(process.argv[2]);
  if (!Number.isInteger(port) || port < 1) throw new Error('Usage: gate.ts <port of moto on loopback>');
  await untilItAnswers(port);
  // Cases that have to wait come first.
  const isSlow = ({ given }: GateCase) => JSON.stringify(given(Date.now()).trouble ?? '').includes('"hangs":true');
  const cases = GATE_CASES.filter(({ beyondMoto }) => beyondMoto === undefined);
  const inOrder = [...cases].sort((a, b) => Number(isSlow(b)) - Number(isSlow(a)));
  const outcomes = await bounded(inOrder, AT_ONCE, (each) => runCase(each, cases.indexOf(each), port));
  report(cases.flatMap(({ name }) => outcomes.find((each) => each.name === name) ?? []));
}

/** Waits until moto, which was just started, has loaded. */
async function untilItAnswers(port: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await fetch(`http://127.0.0.1:${port}/moto-api/data.json`);
      return;
    } catch (error) {
      if (tries === START_TRIES) throw new Error(`moto does not answer at port ${port}`, { cause: error });
      await setTimeout(500);
    }
  }
}

function report(outcomes: readonly Outcome[]): void {
  const rows = outcomes.map(({ name, verdict, seconds, calls, reason, wrong }) => [
    `${wrong.length > 0 ? '✗' : '✓'} ${name}`,
    verdict,
    seconds.toFixed(1),
    String(calls),
    `  ${reason.length > REASON_LENGTH ? `${reason.slice(0, REASON_LENGTH - 1)}…` : reason}`.padEnd(REASON_LENGTH + 2),
  ]);
  console.log(table(['case', 'verdict', 's', 'calls/region', ''], rows));
  const elsewhere = GATE_CASES.filter(({ beyondMoto }) => beyondMoto !== undefined);
  const notes = elsewhere.map(
    ({ name, beyondMoto }) =>
      `moto does not have ${beyondMoto}: "${name}" runs in test/lib/handlers/gate-budget.test.ts.`,
  );
  console.log(`\n${[...NOTES, ...notes].join('\n')}`);
  const failed = outcomes.filter(({ wrong }) => wrong.length > 0);
  for (const { name, reason, wrong } of failed) console.error(`\n${name}: ${reason}\n- ${wrong.join('\n- ')}`);
  const slowest = Math.max(...outcomes.map(({ seconds }) => seconds));
  console.log(
    `\n${outcomes.length - failed.length} of ${outcomes.length} as expected; the slowest answer took ${slowest.toFixed(1)} s.`,
  );
  if (failed.length > 0) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
