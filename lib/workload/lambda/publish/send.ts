import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** Pauses before the second, third and fourth attempt to answer, in milliseconds. */
const ANSWER_PAUSES = [500, 1_500, 4_000];
const ANSWER_TIMEOUT = 3_000;

/** Sends an answer to CloudFormation. Repeats it a few times, then throws. */
export async function send(url: string, body: string): Promise<void> {
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
