import { setTimeout as sleep } from 'node:timers/promises';
import { type Result, reasonOf } from './answer';
import type { LambdaPort } from './lambda-port';
import { type Published, prune, publish, type Timing } from './publish';
import { parseProperties, type Request } from './request';

/** Milliseconds for which a denial may pass: a role's policy takes a while to take effect everywhere. */
const IAM_PATIENCE_MILLISECONDS = 60_000;
const IAM_PAUSE_MILLISECONDS = 3_000;

/**
 * Handles a request. Never throws: an error is a result.
 *
 * A delete touches nothing, because callers may still use the alias. It also comes when a function has got another
 * publication, when a create that had adopted an alias is rolled back, and late, for the second time. Lambda deletes
 * the alias with its function.
 */
export async function run(request: Request, lambda: LambdaPort, timing: Timing): Promise<Result> {
  if (request.type === 'Delete') return {};
  try {
    const properties = parseProperties(request.properties);
    const published = await patiently(() => publish(lambda, properties, timing), timing);
    await tidy(lambda, published, timing);
    return { published };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}

/** Starts again while the role may be too young to take effect. The work is safe to repeat. */
async function patiently<T>(work: () => Promise<T>, timing: Timing): Promise<T> {
  const end = Math.min(timing.now() + IAM_PATIENCE_MILLISECONDS, timing.deadline);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const denied = error instanceof Error && error.name.startsWith('AccessDenied');
      if (!denied || timing.now() + IAM_PAUSE_MILLISECONDS > end) {
        throw error;
      }
      await timing.sleep(IAM_PAUSE_MILLISECONDS);
    }
  }
}

/** Deletes old versions. A failure to delete them never fails a publish, because they do no harm. */
async function tidy(lambda: LambdaPort, published: Published, timing: Timing): Promise<void> {
  try {
    await prune(lambda, published, timing);
  } catch (error) {
    console.warn(`Old versions of ${published.functionName} stay: ${reasonOf(error)}`);
  }
}

/** Returns the result of the work, or a failure after this time: a call that hangs must not prevent the answer. */
export async function inTime(work: Promise<Result>, milliseconds: number): Promise<Result> {
  const abort = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: abort.signal }).then(
    (): Result => ({ failure: `Lambda did not answer within ${Math.round(milliseconds / 1_000)} seconds: try again` }),
  );
  // An abort after the work is done is no error.
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    abort.abort();
  }
}
