import { readAlarms } from '../aws/cloudwatch';
import { bounded, ENVIRONMENTS_AT_ONCE } from '../core/bounded';
import { errorText } from '../core/error-text';
import { blocks, type Finding } from '../core/finding';
import { askFunction } from './ask-function';
import { checkCadence } from './cadence';
import { Candidate } from './candidate';
import type { CheckConfig, GateConfig } from './config';
import { customRequest, readCustomAnswer } from './custom';
import { checkFreeze } from './freeze';
import { checkLoadTest } from './load-test';
import { checkOpenAlarms, namesByRegion, type RegionAlarms } from './open-alarms';
import { readErrorBudget } from './read-budget';
import { checkReadiness } from './readiness';
import type { Judged } from './report';
import type { GateRequest } from './request';
import { readStored } from './stored-parameters';

/** A check that has not answered by then is an ERROR: the gate itself must answer within a minute, and may have the ledger to ask yet. */
const CHECK_SECONDS = 25;

/** Asks every check of a gate, all at once. None that fails or hangs keeps another from being asked. */
export async function evaluate(config: GateConfig, request: GateRequest, now: number): Promise<readonly Judged[]> {
  const candidate = new Candidate(config, request, now);
  const checks = config.checks.filter(({ stages }) => stages.includes(request.stage));
  const findings = await Promise.all(checks.map((check) => withinTime(check, () => ask(check, candidate))));
  return findings.map((finding, index) => ({ finding, blocks: blocks(finding, checks[index]) }));
}

async function ask(check: CheckConfig, candidate: Candidate): Promise<Finding> {
  const { config, request, now } = candidate;
  switch (check.kind) {
    case 'ERROR_BUDGET':
      return readErrorBudget(check, candidate);
    case 'CADENCE':
      return checkCadence(check, { completed: (await candidate.stable())?.recent ?? [] }, now);
    case 'LOAD_TEST': {
      const parameter = (await readStored([check.parameter])).get(check.parameter);
      const stagingSince = (await candidate.release())?.rollouts.staging?.at;
      return checkLoadTest(check, { parameter, commit: request.commit, stagingSince }, now);
    }
    case 'READINESS': {
      const names = check.criteria.map(({ name }) => name);
      const found = await readStored(names.map((name) => check.prefix + name));
      const parameters = Object.fromEntries(names.map((name) => [name, found.get(check.prefix + name)]));
      return checkReadiness(check, { parameters }, now);
    }
    case 'FREEZE':
      return checkFreeze(check, { parameters: Object.fromEntries(await readStored(check.parameters)) }, now);
    case 'OPEN_ALARMS': {
      const names = namesByRegion(check);
      const served = (await candidate.served()).served.filter((region) => names.has(region));
      const answers = await bounded(served, ENVIRONMENTS_AT_ONCE, async (region): Promise<RegionAlarms> => {
        try {
          return { alarms: await readAlarms(candidate.environment(region), [...(names.get(region) ?? [])]) };
        } catch (error) {
          return { error: errorText(error) };
        }
      });
      const regions = Object.fromEntries(served.map((region, index) => [region, answers[index]]));
      return checkOpenAlarms(check, { regions, served }, now);
    }
    case 'CUSTOM': {
      const facts = await askFunction(check, customRequest(check, { service: config.service, ...request }));
      return readCustomAnswer(check, facts, now);
    }
  }
}

/** The answer of a check; where it gives none, that is one too. */
async function withinTime({ name }: CheckConfig, work: () => Promise<Finding>): Promise<Finding> {
  const error = (reason: string): Finding => ({
    check: name,
    verdict: 'ERROR',
    reason,
    unblockedBy: 'what it asks can be asked again',
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(error(`gave no answer within ${CHECK_SECONDS} s`)), CHECK_SECONDS * 1_000);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (problem) {
    return error(`could not be asked: ${errorText(problem)}`);
  } finally {
    clearTimeout(timer);
  }
}
