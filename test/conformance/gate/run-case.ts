import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import * as path from 'node:path';
import { gateConfig, loggedCheck, says, USER_PARAMETERS } from '../../gates/ask';
import { CHECK, type GateCase, type Given } from '../../gates/case';
import { listenOnLoopback } from '../../helpers/loopback';
import { blockedIn, PIPELINE_ENVIRONMENT, prepare } from './moto';
import { MotoProxy } from './proxy';

const BUNDLE = path.join(process.cwd(), 'dist', 'handlers', 'gate', 'index.js');

/** Maximum seconds until CodePipeline has its answer. */
const ANSWER_SECONDS = 60;

/** Maximum calls of CloudWatch in one region, when nothing goes wrong. */
const CALLS_PER_REGION = 2;

/** Time in which the gate logs its metrics after its answer, which needs no call. */
const LOGGED_AFTER_MS = 3_000;

/** Calls the bundle as Lambda does: the event is JSON, and the process has nothing but its environment. */
const CALL = 'require(process.argv[1]).handler(JSON.parse(process.argv[2])).then(() => process.exit(0))';

/** Outcome of a case. */
export interface Outcome {
  readonly name: string;
  readonly verdict: string;
  readonly reason: string;
  /** From the start of the process until CodePipeline had its answer. */
  readonly seconds: number;
  /** Most calls of CloudWatch in one region. */
  readonly calls: number;
  /** Rules that do not hold. */
  readonly wrong: readonly string[];
}

/** Runs the gate's bundle in a process of its own, with moto as its AWS. */
export async function runCase(gateCase: GateCase, index: number, motoPort: number): Promise<Outcome> {
  const account = String(200_000_000_000 + index);
  const now = Date.now();
  const given = gateCase.given(now);
  const moto = `http://127.0.0.1:${motoPort}`;
  const prepared = await prepare(moto, account, given, now);
  const proxy = new MotoProxy(motoPort, given.trouble);
  try {
    const environment = {
      ...PIPELINE_ENVIRONMENT,
      ...prepared,
      AWS_ENDPOINT_URL: await proxy.listen(),
      ...(given.trouble?.fault.kind === 'refused' && { AWS_ENDPOINT_URL_CLOUDWATCH: await nobody() }),
      GATE: JSON.stringify(gateConfig(given, account)),
      PIPELINE_NAME: 'shop-pipeline',
    };
    const logs = await callBundle(environment, proxy, hangs(given));
    return judge(gateCase, given, proxy, logs, await blockedIn(moto, prepared));
  } finally {
    proxy.close();
  }
}

function judge(gateCase: GateCase, given: Given, proxy: MotoProxy, logs: readonly string[], blocked: unknown): Outcome {
  const { name, verdict } = gateCase;
  const check = loggedCheck(logs);
  const { answer } = proxy;
  const mayPass = verdict === 'PASS';
  const calls = mostPerRegion(proxy);
  const couldRecord = !hangs(given) && !given.trouble?.services.includes('dynamodb');
  const rules: readonly (readonly [boolean, string])[] = [
    [check.verdict === verdict, `the verdict must be ${verdict}`],
    [says(check.reason, given.reason), `the reason must match ${given.reason}`],
    [given.until === undefined || Date.parse(String(check.until)) === given.until, `until is ${check.until}`],
    [
      answer?.state === (mayPass ? 'succeeded' : 'failed'),
      `CodePipeline got the answer: ${answer?.state ?? 'nothing'}`,
    ],
    [mayPass || (answer?.message ?? '').includes(`${verdict} ${CHECK.name}`), `the action shows: ${answer?.message}`],
    [(answer?.seconds ?? 0) <= ANSWER_SECONDS, `the answer took more than ${ANSWER_SECONDS} s`],
    [given.trouble !== undefined || calls <= CALLS_PER_REGION, `${calls} calls in one region`],
    [!couldRecord || (blocked !== undefined) === !mayPass, `the ledger has the block ${JSON.stringify(blocked)}`],
    ...proxy.violations.map((what): readonly [boolean, string] => [false, what]),
  ];
  return {
    name,
    verdict: String(check.verdict),
    reason: String(check.reason),
    seconds: answer?.seconds ?? Number.NaN,
    calls,
    wrong: rules.flatMap(([holds, what]) => (holds ? [] : [what])),
  };
}

function mostPerRegion({ passed }: MotoProxy): number {
  const counts = new Map<string, number>();
  for (const { service, region } of passed) {
    if (service === 'monitoring') counts.set(region, (counts.get(region) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

const hangs = ({ trouble }: Given): boolean => trouble?.fault.kind === 'no-answer' && trouble.fault.hangs === true;

/**
 * Calls the bundle, and returns its log lines.
 *
 * @param isEnded whether to end the process after its answer: its notices would wait where no service answers
 */
function callBundle(
  environment: { readonly [name: string]: string | undefined },
  proxy: MotoProxy,
  isEnded: boolean,
): Promise<readonly string[]> {
  const configuration = { FunctionName: 'gate', UserParameters: USER_PARAMETERS };
  const job = { id: 'job-1', accountId: '123456789012', data: { actionConfiguration: { configuration } } };
  const child = spawn(process.execPath, ['-e', CALL, BUNDLE, JSON.stringify({ 'CodePipeline.job': job })], {
    env: { ...environment, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (isEnded) proxy.onAnswer = () => setTimeout(() => child.kill(), LOGGED_AFTER_MS);
  let [out, problems] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    problems += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 || child.killed) resolve(out.split('\n'));
      else reject(new Error(`The bundle ended with ${code}:\n${out}\n${problems}`));
    });
  });
}

/** An address at which nobody listens. */
async function nobody(): Promise<string> {
  const server = createServer();
  const address = await listenOnLoopback(server);
  await new Promise((resolve) => server.close(resolve));
  return address;
}
