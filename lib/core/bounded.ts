/**
 * Runs `work` over the items in their order, at most `limit` at a time. Returns the results in the items' order.
 *
 * After an error no further item begins. The first error is thrown once all running work has ended: work that a handler
 * leaves behind would go on in its next invocation.
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

/**
 * Environments worked on at once. Each region has its own limits, so none needs to wait for another; few pipelines have
 * more.
 */
export const ENVIRONMENTS_AT_ONCE = 20;

/** Targets of one environment worked on at once. AWS throttles control planes per account and region. */
export const TARGETS_AT_ONCE = 4;
