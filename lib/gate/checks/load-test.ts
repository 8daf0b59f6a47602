import type { StoredParameter } from '../../aws/facts';
import type { Finding } from '../../core/finding';
import { flag, maybe, moment, type ObjectOf, type Shape, text, words } from '../../core/shape';
import { isoTime, showIso } from '../../core/time';
import { configOf } from '../check-config';
import type { CheckKind } from '../check-kind';
import { readParameter } from '../parameter';

const readConfig = configOf('LOAD_TEST', {
  parameter: text,
  /** Configuration of the load test; a result of another configuration does not count. */
  configuration: maybe(text),
});
export type LoadTestConfig = Shape<typeof readConfig>;

/** Facts about the candidate and its load test. */
export interface LoadTestFacts {
  readonly parameter: StoredParameter | undefined;
  /** Commit of the candidate. */
  readonly commit: string;
  /** Time at which the candidate passed its shift in staging, bake included; ISO 8601. Undefined where it is unknown. */
  readonly stagingSince: string | undefined;
}

const FIELDS = {
  /** Full commit id, as the pipeline has it. */
  commit: words,
  passed: flag,
  /** Start of the load test. */
  at: moment,
  configuration: maybe(text),
  report: maybe(text),
};

/** Report of a load test. */
type LoadTestResult = ObjectOf<typeof FIELDS>;

/** Tolerated difference between the clocks of two machines. */
const CLOCK_MS = 5 * 60_000;

/** Checks the candidate's own load test: right commit, begun while staging served it, right configuration, and passed. */
export function checkLoadTest(config: LoadTestConfig, facts: LoadTestFacts, now: number): Finding {
  const { name: check, parameter: name, configuration } = config;
  const { parameter, commit, stagingSince } = facts;
  const unblockedBy = `a load test of ${commit} in staging reports to parameter ${name} that it passed`;
  if (!parameter) {
    const reason = `no load test has reported: there is no parameter ${name}`;
    return { check, verdict: 'FAIL', reason, unblockedBy };
  }
  const read = readResult(config, facts, parameter, now);
  if ('wrong' in read) return { check, verdict: 'ERROR', reason: read.wrong, unblockedBy };
  const result = read.value;
  const failed = failures(result, commit, stagingSince, configuration);
  const began = `began ${showIso(result.at)}${result.report ? `, report: ${result.report}` : ''}`;
  if (failed.length > 0) {
    const since = result.commit === commit && !result.passed ? result.at : undefined;
    return { check, verdict: 'FAIL', reason: `${failed.join('; ')} (it ${began})`, since, unblockedBy };
  }
  if (stagingSince === undefined) {
    const reason = `the load test of ${commit} passed and ${began}, but the time at which staging began to serve the candidate is unknown`;
    return { check, verdict: 'INCONCLUSIVE', reason, unblockedBy: `staging serves ${commit}, and ${unblockedBy}` };
  }
  return { check, verdict: 'PASS', reason: `the load test of ${commit} passed; it ${began}` };
}

function readResult(
  { parameter: name, configuration }: LoadTestConfig,
  { commit }: LoadTestFacts,
  parameter: StoredParameter,
  now: number,
) {
  const example = { commit, passed: true, at: isoTime(now), ...(configuration && { configuration }) };
  const read = readParameter(name, parameter, example, FIELDS);
  if ('wrong' in read || Date.parse(read.value.at) <= now + CLOCK_MS) return read;
  return {
    wrong: `"at" of parameter ${name} is ${read.value.at}, which is in the future. Write when the load test began, such as ${example.at}`,
  };
}

/** Lists all failures of a result of this commit. A result of another commit is one failure: it says nothing of this one. */
function failures(
  result: LoadTestResult,
  commit: string,
  stagingSince: string | undefined,
  configuration: string | undefined,
): readonly string[] {
  if (result.commit !== commit) {
    return [`the last load test is of commit ${result.commit}, but the candidate is ${commit}`];
  }
  const failed: string[] = [];
  if (!result.passed) failed.push(`the load test of ${commit} did not pass`);
  if (stagingSince !== undefined && Date.parse(result.at) < Date.parse(stagingSince)) {
    failed.push(`the load test began before the candidate passed its shift in staging on ${showIso(stagingSince)}`);
  }
  if (configuration !== undefined && result.configuration !== configuration) {
    const found = result.configuration === undefined ? 'no configuration' : `configuration "${result.configuration}"`;
    failed.push(`the load test was run with ${found}, but "${configuration}" is required`);
  }
  return failed;
}

/** Requires the candidate's own load test, in staging. */
export const loadTest: CheckKind<LoadTestConfig, LoadTestFacts> = {
  kind: 'LOAD_TEST',
  readConfig,
  readFacts: async ({ parameter: name }, candidate) => {
    const parameter = (await candidate.parameters([name])).get(name);
    const stagingSince = (await candidate.release())?.rollouts.staging?.at;
    return { parameter, commit: candidate.request.commit, stagingSince };
  },
  decide: checkLoadTest,
};
