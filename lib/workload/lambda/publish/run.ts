import { type Result, reasonOf } from './answer';
import type { LambdaPort } from './lambda-port';
import { prune, type Released, release, type Timing, withdraw } from './release';
import { parseProperties, type Request } from './request';

/** A role's policy takes a while to be known everywhere: for so long, a denial may pass. */
const IAM_PATIENCE_MILLISECONDS = 60_000;
const IAM_PAUSE_MILLISECONDS = 3_000;

/** Does what a request asks for. Never throws: whatever happened is the result. */
export async function run(request: Request, lambda: LambdaPort, timing: Timing): Promise<Result> {
  try {
    if (request.type === 'Delete') {
      await remove(request, lambda);
      return {};
    }
    const properties = parseProperties(request.properties);
    const released = await patiently(() => release(lambda, properties, timing), timing);
    await tidy(lambda, released, timing);
    return { released };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}

async function remove(request: Request, lambda: LambdaPort): Promise<void> {
  let properties: ReturnType<typeof parseProperties>;
  try {
    properties = parseProperties(request.properties);
  } catch {
    // Nothing can have been created with such properties, and a stack must get rid of them.
    return;
  }
  await withdraw(lambda, properties);
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
async function tidy(lambda: LambdaPort, released: Released, timing: Timing): Promise<void> {
  try {
    await prune(lambda, released, timing);
  } catch (error) {
    console.warn(`Old versions of ${released.functionName} stay: ${reasonOf(error)}`);
  }
}
