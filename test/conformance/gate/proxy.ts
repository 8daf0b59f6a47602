import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { json, listOf, maybe, record, text } from '../../../lib/core/shape';
import { isIn, type Trouble } from '../../gates/case';
import { listenOnLoopback } from '../../helpers/loopback';
import { AwsError } from '../../local-aws/call';
import { awsJson, awsQuery, type HttpAnswer } from '../../local-aws/protocols';
import { type MetricRequest, readMetricRequest, withRetention } from './retention';

/** A call of the gate. */
export interface Passed {
  readonly service: string;
  readonly region: string;
  readonly operation: string;
}

/** Gate's answer to CodePipeline, which moto does not have. */
export interface JobAnswer {
  readonly state: 'succeeded' | 'failed';
  readonly message: string;
  readonly seconds: number;
}

const JSON_1_1 = awsJson('1.1');

/**
 * Proxy between a gate and moto. It forwards everything as it is, but answers for CodePipeline, injects faults, and
 * adds CloudWatch's retention, which moto lacks. It checks every GetMetricData against CloudWatch's rules.
 */
export class MotoProxy {
  readonly passed: Passed[] = [];
  readonly violations: string[] = [];
  answer?: JobAnswer;
  /** Called when CodePipeline has its answer. */
  onAnswer: () => void = () => undefined;

  private readonly server: Server;
  private troubled = 0;
  private readonly began = performance.now();

  constructor(
    private readonly motoPort: number,
    private readonly trouble: Trouble | undefined,
  ) {
    this.server = createServer((incoming, response) => {
      this.serve(incoming, response).catch((error) => {
        this.violations.push(`the proxy failed: ${error instanceof Error ? error.stack : error}`);
        response.destroy();
      });
    });
  }

  /** Listens, and returns the address for `AWS_ENDPOINT_URL`. */
  listen(): Promise<string> {
    return listenOnLoopback(this.server);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const scope = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(String(incoming.headers.authorization));
    if (!scope) throw new Error(`${incoming.method} ${incoming.url} is not signed`);
    const [, region, service] = scope;
    const target = String(incoming.headers['x-amz-target'] ?? '');
    const operation =
      target === '' ? (new URLSearchParams(body).get('Action') ?? '') : target.slice(target.lastIndexOf('.') + 1);
    const call = { service, region, operation };
    this.passed.push(call);
    const metrics = operation === 'GetMetricData' ? readMetricRequest(body, Date.now()) : undefined;
    this.violations.push(...(metrics?.violations ?? []));
    const wrong = this.goesWrong(call);
    if (wrong === 'hang') return;
    if (wrong === 'break') response.destroy();
    else if (wrong) send(response, wrong);
    else if (service === 'codepipeline') send(response, this.codePipeline(operation, body));
    else await this.forward(incoming, body, response, metrics);
  }

  private goesWrong(call: Passed): HttpAnswer | 'hang' | 'break' | undefined {
    const { trouble } = this;
    if (!trouble || !isIn(trouble, call)) return undefined;
    this.troubled += 1;
    if (this.troubled > (trouble.times ?? Number.POSITIVE_INFINITY)) return undefined;
    const protocol = call.service === 'sts' ? awsQuery('https://sts.amazonaws.com/doc/2011-06-15/') : awsJson('1.0');
    const { fault } = trouble;
    switch (fault.kind) {
      case 'refused':
        return undefined;
      case 'no-answer':
        return fault.hangs ? 'hang' : 'break';
      case 'garbled':
        return { ...protocol.encode(call.operation, {}), body: fault.body };
      case 'error':
        return protocol.encodeError(new AwsError(fault.name, fault.message, fault.status));
      case 'throttled':
        return protocol.encodeError(new AwsError('ThrottlingException', 'Rate exceeded'));
      case 'server-error':
        return protocol.encodeError(new AwsError('InternalFailure', 'An internal error', 500));
      case 'denied': {
        const name = call.service === 'sts' ? 'AccessDenied' : 'AccessDeniedException';
        const action = `${call.service}:${call.operation}`;
        return protocol.encodeError(new AwsError(name, `User: gate is not authorized to perform: ${action}`, 403));
      }
    }
  }

  private codePipeline(operation: string, body: string): HttpAnswer {
    const input = record(json(body, operation), operation);
    // The gate reads for every release whether it is one, or a stage that the console rolls back.
    if (operation === 'GetPipelineExecution') {
      const { pipelineName, pipelineExecutionId } = input;
      const execution = { pipelineName, pipelineExecutionId, status: 'InProgress', executionType: 'STANDARD' };
      return JSON_1_1.encode(operation, { pipelineExecution: execution });
    }
    const details = record(input.failureDetails ?? input.executionDetails, `${operation} details`);
    const message = maybe(text)(details.message ?? details.summary, 'message') ?? '';
    const state = operation === 'PutJobFailureResult' ? 'failed' : 'succeeded';
    if (!operation.startsWith('PutJob') || this.answer) this.violations.push(`CodePipeline got ${operation}, too`);
    // PutJobFailureResult takes 5,000 characters, PutJobSuccessResult 2,048.
    if (message.length > (state === 'failed' ? 5_000 : 2_048)) this.violations.push(`${message.length} characters`);
    this.answer = { state, message, seconds: (performance.now() - this.began) / 1_000 };
    this.onAnswer();
    return JSON_1_1.encode(operation, {});
  }

  private async forward(
    { method, url, headers }: IncomingMessage,
    body: string,
    response: ServerResponse,
    metrics: MetricRequest | undefined,
  ): Promise<void> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const onward = request({ host: '127.0.0.1', port: this.motoPort, method, path: url, headers }, resolve);
      onward.on('error', reject);
      onward.end(body);
    });
    const given = await bodyOf(answer);
    const status = answer.statusCode ?? 500;
    const answered = metrics && status === 200 ? withRetention(given, metrics, Date.now()) : given;
    const kept = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.includes(name));
    send(response, { status, headers: Object.fromEntries(kept.map(([k, v]) => [k, String(v)])), body: answered });
  }
}

/** Headers of one connection, which a proxy must not forward. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks = listOf((chunk) => Buffer.from(chunk as Buffer))(await message.toArray(), 'body');
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
