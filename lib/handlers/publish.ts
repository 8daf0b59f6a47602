import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, type Result } from '../workload/lambda/publish/answer';
import { PublishApi } from '../workload/lambda/publish/publish-api';
import { parseRequest } from '../workload/lambda/publish/request';
import { run } from '../workload/lambda/publish/run';

/** Reserve before the function's own timeout, in which it reports a failure. */
const RESERVED_MILLISECONDS = 20_000;

/** Pauses before the second, third and fourth attempt to answer, in milliseconds. */
const ANSWER_PAUSES = [500, 1_500, 4_000];
const ANSWER_TIMEOUT = 3_000;

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

/** Returns the result of the work, or a failure after this time: a call that hangs must not prevent the answer. */
async function inTime(work: Promise<Result>, milliseconds: number): Promise<Result> {
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

async function send(url: string, body: string): Promise<void> {
  for (const pause of ANSWER_PAUSES) {
    try {
      return await put(url, body);
    } catch (error) {
      console.warn(`CloudFormation did not take the answer: ${error instanceof Error ? error.message : error}`);
      await sleep(pause);
    }
  }
  await put(url, body);
}

function put(url: string, body: string): Promise<void> {
  const request = url.startsWith('http:') ? requestHttp : requestHttps;
  // The URL is signed for an empty content type.
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'PUT', headers, timeout: ANSWER_TIMEOUT }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      response.on('error', reject);
      response.on('end', () => (status < 300 ? resolve() : reject(new Error(`status ${status}`))));
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer in ${ANSWER_TIMEOUT} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}
