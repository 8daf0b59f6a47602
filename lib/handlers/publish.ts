import { setTimeout as sleep } from 'node:timers/promises';
import { answer } from '../workload/lambda/publish/answer';
import { PublishApi } from '../workload/lambda/publish/publish-api';
import { parseRequest } from '../workload/lambda/publish/request';
import { inTime, run } from '../workload/lambda/publish/run';
import { send } from '../workload/lambda/publish/send';

/** Reserve before the function's own timeout, in which it reports a failure. */
const RESERVED_MILLISECONDS = 20_000;

const lambda = new PublishApi();

/**
 * Provider of `Custom::LambdaPublication`. It never logs the event: that carries a presigned URL. It always answers
 * CloudFormation, which would otherwise wait until its own timeout.
 */
export async function handler(event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  const request = parseRequest(event);
  const time = Math.max(0, context.getRemainingTimeInMillis() - RESERVED_MILLISECONDS);
  const timing = { now: Date.now, sleep: (milliseconds: number) => sleep(milliseconds), deadline: Date.now() + time };
  const result = await inTime(run(request, lambda, timing), time);
  console.log(JSON.stringify({ request: request.type, resource: request.logicalResourceId, ...result }));
  await send(request.responseUrl, answer(request, result));
}
