import { errorText } from '../core/error-text';
import { blocks, type Finding } from '../core/finding';
import type { Candidate } from './candidate';
import type { CheckConfig } from './check-config';
import { type CheckKind, kindOf } from './check-kind';
import { CHECK_KINDS } from './checks';
import type { Judged } from './report';

/**
 * Maximum seconds of a check; a later answer is an ERROR. The gate must answer within a minute, and still uses the
 * ledger.
 */
const CHECK_SECONDS = 25;

/** Runs all checks of a gate at once. A check that fails or hangs becomes an ERROR, and the others still answer. */
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

/** Returns the finding of a check; a failure or a timeout becomes an ERROR. */
async function withinTime({ name }: CheckConfig, work: () => Promise<Finding>): Promise<Finding> {
  const error = (reason: string): Finding => ({
    check: name,
    verdict: 'ERROR',
    reason,
    unblockedBy: 'the check can read its data again',
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(error(`gave no answer within ${CHECK_SECONDS} s`)), CHECK_SECONDS * 1_000);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (problem) {
    return error(`could not be evaluated: ${errorText(problem)}`);
  } finally {
    clearTimeout(timer);
  }
}
