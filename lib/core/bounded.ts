/**
 * Runs `work` over the items, at most `limit` at a time, begun in their order. Answers in their order too.
 *
 * The first error is thrown when all that had begun has ended, and nothing more is begun: a handler never leaves work
 * behind that goes on in its next invocation.
 */
export async function bounded<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = new Array(items.length);
  const errors: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && errors.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index]);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}

/** Each region answers to its own limits, so that they need not wait for each other; few pipelines have more than these. */
export const ENVIRONMENTS_AT_ONCE = 20;

/** AWS throttles control planes per account and region. */
export const TARGETS_AT_ONCE = 4;
