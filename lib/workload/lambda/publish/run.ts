import { type Result, reasonOf } from './answer';
import type { LambdaPort } from './lambda-port';
import { type Published, prune, publish, type Timing } from './publish';
import { parseProperties, type Request } from './request';

/** A role's policy takes a while to be known everywhere: for so long, a denial may pass. */
const IAM_PATIENCE_MILLISECONDS = 60_000;
const IAM_PAUSE_MILLISECONDS = 3_000;

/**
 * Does what a request asks for. Never throws: whatever happened is the result.
 *
 * A delete touches nothing. It also comes when a function has got another publication, when a create is rolled back that
 * had adopted an alias, and late, for the second time: then callers still use the alias. Lambda deletes the alias with
 * its function.
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

/** Starts again while the role may be too young to be known. What it does is safe to repeat. */
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

/** Old versions are in nobody's way: that they cannot be deleted never fails a publish. */
async function tidy(lambda: LambdaPort, published: Published, timing: Timing): Promise<void> {
  try {
    await prune(lambda, published, timing);
  } catch (error) {
    console.warn(`Old versions of ${published.functionName} stay: ${reasonOf(error)}`);
  }
}
