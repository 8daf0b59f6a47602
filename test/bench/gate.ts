import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import * as path from 'node:path';
import type { BudgetPolicyConfig } from '../../lib/budget/config';
import { type Downtime, merge } from '../../lib/budget/downtime';
import { budgetStateAt } from '../../lib/budget/policy';
import { json, listOf } from '../../lib/core/shape';
import { gateConfig, stableOf, USER_PARAMETERS } from '../gates/ask';
import type { Given } from '../gates/case';
import { CannedAws } from './canned-aws';
import { median, table } from './statistics';

/** Maximum calls of CloudWatch per region for one evaluation of one budget. */
const CALLS_PER_REGION = 2;

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-2', 'us-east-2', 'eu-central-1'];
const FUNCTIONS = [1, 12];

const MINUTE = 60_000;
const BUCKETS = 28 * 24 * 60;

const POLICIES: readonly (readonly [name: string, policy: BudgetPolicyConfig])[] = [
  ['budgetStateAt, 28 days', { kind: 'UNTIL_RECOVERED', windowMinutes: BUCKETS }],
  ['budgetStateAt, calendar month', { kind: 'UNTIL_RECOVERED_IN_MONTH', timeZone: 'Europe/Berlin' }],
  ['budgetStateAt, carry-over', { kind: 'CARRY_OVER', timeZone: 'Europe/Berlin' }],
];

/** Calls the bundle several times in one process, and prints the time of each call. */
const CALLS = `
const { handler } = require(process.argv[1]);
const event = JSON.parse(process.argv[2]);
(async () => {
  const times = [];
  for (let call = 0; call < Number(process.argv[3]); call++) {
    const start = performance.now();
    await handler(event);
    times.push(performance.now() - start);
  }
  console.log(JSON.stringify(times));
  process.exit(0);
})();`;

/** Measures the calls and the time of one evaluation: the budget of five regions over 28 days, with its fast burn. */
export async function benchGate(rounds: number): Promise<string> {
  const bundle = path.join(process.cwd(), 'dist', 'handlers', 'gate', 'index.js');
  const evaluations = [];
  for (const functions of FUNCTIONS) evaluations.push(await evaluate(bundle, functions, rounds));
  const most = Math.max(...evaluations.map(({ calls }) => calls));
  if (most > CALLS_PER_REGION) process.exitCode = 1;
  return [
    `Gate: ${(statSync(bundle).size / 1_000).toFixed(0)} KB; one evaluation, ${REGIONS.length} regions × 28 days, fast burn; AWS answers at once`,
    table(
      ['functions', 'calls of CloudWatch per region', 'cold ms', 'warm ms'],
      evaluations.map(({ functions, calls, cold, warm }) => [
        String(functions),
        calls > CALLS_PER_REGION ? `${calls}: MORE THAN ${CALLS_PER_REGION}` : String(calls),
        cold.toFixed(0),
        warm.toFixed(0),
      ]),
    ),
    '',
    `Its budget, from ${BUCKETS.toLocaleString('en-US')} minutes: medians of ${rounds}`,
    table(
      ['ms', 'one minute in 50 fails', 'all fail, each unlike the next'],
      [['merge', merge] as const, ...standings()].map(([name, work]) => [
        name,
        ...[downtimes(50), downtimes(1)].map((given) => timeOf(() => work(given), rounds).toFixed(1)),
      ]),
    ),
  ].join('\n');
}

const NOW = Date.parse('2026-11-21T12:00:00Z');

const standings = () =>
  POLICIES.map(
    ([name, policy]) => [name, (given: readonly Downtime[]) => budgetStateAt(policy, 99.9, given, NOW)] as const,
  );

/** One-minute buckets; every nth of them was bad. */
const downtimes = (every: number): readonly Downtime[] =>
  Array.from({ length: BUCKETS }, (_each, index) => ({
    from: NOW - (BUCKETS - index) * MINUTE,
    to: NOW - (BUCKETS - index - 1) * MINUTE,
    severity: index % every === 0 ? 0.01 + (index % 97) / 100 : 0,
  }));

function timeOf(work: () => unknown, rounds: number): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return median(times);
}

interface Evaluation {
  readonly functions: number;
  /** Highest number of calls in one region. */
  readonly calls: number;
  /** Time of a process's first evaluation, and median of the later ones, without the load of the bundle. */
  readonly cold: number;
  readonly warm: number;
}

async function evaluate(bundle: string, functions: number, rounds: number): Promise<Evaluation> {
  const names = Array.from({ length: functions }, (_each, index) => `service-1-function-${index + 1}`);
  const given: Given = {
    production: REGIONS,
    served: Object.fromEntries(REGIONS.map((region) => [region, names])),
    check: { fastBurn: 14.4 },
    written: [],
    reason: '',
  };
  const aws = new CannedAws(stableOf(given, Date.now()) ?? {});
  try {
    const times = await timesOf(bundle, rounds + 1, {
      AWS_ENDPOINT_URL: await aws.listen(),
      AWS_REGION: 'us-west-2',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 's',
      LEDGER_TABLE: 'ledger',
      PIPELINE_NAME: 'service-1',
      TOPIC_ARN: 'arn:aws:sns:us-west-2:111111111111:team',
      GATE: JSON.stringify(gateConfig(given, '333333333333')),
    });
    const calls = REGIONS.map((region) => (aws.metricCalls.get(region) ?? 0) / times.length);
    const [cold, ...warm] = times;
    return { functions, calls: Math.max(...calls), cold, warm: median(warm) };
  } finally {
    aws.close();
  }
}

async function timesOf(bundle: string, calls: number, env: NodeJS.ProcessEnv): Promise<readonly number[]> {
  const configuration = { FunctionName: 'gate', UserParameters: USER_PARAMETERS };
  const job = { id: 'job-1', accountId: '111111111111', data: { actionConfiguration: { configuration } } };
  const event = JSON.stringify({ 'CodePipeline.job': job });
  const child = spawn(process.execPath, ['-e', CALLS, bundle, event, String(calls)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const out = Buffer.concat(await child.stdout.toArray()).toString('utf8');
  // The gate's own lines come before the times.
  return listOf(Number)(json(out.trim().split('\n').at(-1) ?? '', 'times'), 'times');
}
