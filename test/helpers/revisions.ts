import type { Published } from '../../lib/plan/revision';
import { type LambdaRevision, lambdaRevision, publishedLambda } from '../../lib/workload/lambda/revision';
import type { Serving } from '../../lib/workload/serving';

/** Version of a function, as the plan, the ledger and deciders have it. */
export const version = (number: string): LambdaRevision => lambdaRevision(number);

/** What an environment reports of a function. */
export const published = (functionName: string, number: string): Published =>
  publishedLambda({ functionName, alias: 'live' }, number);

/** What an alias serves: a version, and the shares of others. */
export const serving = (
  main: string,
  weights: { readonly [version: string]: number } = {},
  token?: string,
): Serving => ({
  main: version(main),
  others: Object.entries(weights).map(([number, share]) => ({ revision: version(number), share })),
  token,
});
