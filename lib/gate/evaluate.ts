import { errorText } from '../core/error-text';
import { blocks, type Finding } from '../core/finding';
import type { Candidate } from './candidate';
import type { CheckConfig } from './check-config';
import { type CheckKind, kindOf } from './check-kind';
import { CHECK_KINDS } from './checks';
import type { Judged } from './report';

/** A check that has not answered by then is an ERROR: the gate itself must answer within a minute, and still uses the ledger. */
const CHECK_SECONDS = 25;

/** Runs every check of a gate, all at once. None that fails or hangs keeps another from its answer. */
export async function evaluate(
  candidate: Candidate,
  kinds: readonly CheckKind[] = CHECK_KINDS,
): Promise<readonly Judged[]> {
  return Promise.all(
    candidate.checks.map(async (check) => {
      const finding = await withinTime(check, () => run(check, candidate, kinds));
      return { finding, blocks: blocks(finding, check) };
    }),
  );
}

async function run(check: CheckConfig, candidate: Candidate, kinds: readonly CheckKind[]): Promise<Finding> {
  const kind = kindOf(kinds, check);
  return kind.decide(check, await kind.readFacts(check, candidate), candidate.now);
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
