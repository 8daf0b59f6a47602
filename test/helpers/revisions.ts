import type { Published } from '../../lib/plan/revision';
import { type LambdaRevision, lambdaRevision, publishedLambda } from '../../lib/workload/lambda/revision';
import type { Serving } from '../../lib/workload/serving';

/** Version of a function in the form of the plan, the ledger and the deciders. */
export const version = (number: string): LambdaRevision => lambdaRevision(number);

/** Report of an environment on a function. */
export const published = (functionName: string, number: string): Published =>
  publishedLambda({ functionName, alias: 'live' }, number);

/** Traffic of an alias: a version, and the shares of others. */
export const serving = (
  main: string,
  weights: { readonly [version: string]: number } = {},
  token?: string,
): Serving => ({
  main: version(main),
  others: Object.entries(weights).map(([number, share]) => ({ revision: version(number), share })),
  token,
});
