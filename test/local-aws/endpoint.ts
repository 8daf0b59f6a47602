import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { listenOnLoopback } from '../helpers/loopback';
import { AwsError, type Call, type Fault, type FaultPlan, type Fields, type RecordedCall } from './call';
import type { VirtualClock } from './clock';
import type { HttpAnswer, HttpRequest, Protocol } from './protocols';

/** One AWS service in all regions and accounts. */
export interface Service {
  /** Name of the service in signatures. */
  readonly name: string;
  readonly protocol: Protocol;
  /** Handles one call. Throws `AwsError` if the service refuses it. */
  handle(call: Call): Promise<Fields> | Fields;
}

/** Signer of a call. */
export interface Identity {
  readonly account: string;
  readonly principal: string;
}

/**
 * All services behind one address on loopback. A call's region and service come from its signature's scope, its account
 * from its access key. The signatures themselves are not checked.
 */
export class Endpoint {
  /** All calls so far, in their order. */
  readonly calls: RecordedCall[] = [];
  /** Faults of calls. */
  faults: FaultPlan = () => undefined;
  /** Number of calls in service, after the decision about their faults. */
  serving = 0;

  private readonly services: ReadonlyMap<string, Service>;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly identify: (accessKeyId: string) => Identity,
    /** Throws if the caller lacks the permission. */
    private readonly authorize: (call: Call) => void,
    services: readonly Service[],
    /** Accepts unsigned requests. */
    private readonly unsigned: (request: HttpRequest) => HttpAnswer | undefined = () => undefined,
  ) {
    this.services = new Map(services.map((service) => [service.name, service]));
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error) => {
        console.error('The local AWS itself failed:', error);
        response.destroy();
      });
    });
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.server.keepAliveTimeout = 60_000;
  }

  /** Listens, and returns the address for `AWS_ENDPOINT_URL`. */
  listen(): Promise<string> {
    return listenOnLoopback(this.server);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) {
      socket.destroy();
    }
    await closed;
  }

  /** Serves one request from any source. */
  async receive(raw: HttpRequest): Promise<HttpAnswer | 'break' | 'hang'> {
    const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(String(raw.headers.authorization));
    const service = scope ? this.services.get(scope[3]) : undefined;
    const taken = scope ? undefined : this.unsigned(raw);
    if (taken) return this.stamped(taken);
    if (!scope || !service) {
      const message = scope ? `No service ${scope[3]} here` : 'Request is missing Authentication Token';
      return this.stamped({ status: 403, headers: {}, body: JSON.stringify({ message }) });
    }
    const answer = await this.answer(service, scope[1], scope[2], raw);
    return typeof answer === 'string' ? answer : this.stamped(answer);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.receive(await read(request));
    if (answer === 'break') {
      response.destroy();
    } else if (answer !== 'hang') {
      send(response, answer);
    }
  }

  /** Adds the headers that every answer of AWS has. */
  private stamped({ status, headers, body }: HttpAnswer): HttpAnswer {
    return {
      status,
      headers: {
        ...headers,
        // The date is virtual, too: clients in real time take the difference for skew and correct it.
        date: new Date(this.clock.now()).toUTCString(),
        'x-amzn-requestid': 'local',
      },
      body,
    };
  }

  private async answer(
    service: Service,
    accessKeyId: string,
    region: string,
    raw: HttpRequest,
  ): Promise<HttpAnswer | 'break' | 'hang'> {
    let index = -1;
    let decided = false;
    const end = (error?: string): void => {
      if (index >= 0) {
        this.calls[index] = { ...this.calls[index], error };
      }
    };
    try {
      const { operation, input } = service.protocol.decode(raw);
      const at = this.clock.now();
      const caller = / app\/(\S+)/.exec(String(raw.headers['user-agent']))?.[1] ?? '';
      const invocation = String(raw.headers['amz-sdk-invocation-id'] ?? '');
      const facts = { service: service.name, operation, region, input, caller, invocation, at };
      const unknown: Call = { ...facts, account: '', principal: '' };
      index = this.calls.push(unknown) - 1;
      const call: Call = { ...unknown, ...this.identify(accessKeyId) };
      this.calls[index] = call;
      this.authorize(call);
      const fault = await this.faults(call);
      this.serving++;
      decided = true;
      if (fault?.kind === 'no-answer') {
        end('no answer');
        await (fault.effect ? settled(service, call) : undefined);
        return fault.hangs ? 'hang' : 'break';
      }
      if (fault?.kind === 'garbled') {
        await settled(service, call);
        return { ...service.protocol.encode(operation, {}), body: fault.body };
      }
      if (fault) {
        throw faultError(fault, call);
      }
      return service.protocol.encode(operation, await service.handle(call));
    } catch (error) {
      if (!(error instanceof AwsError)) {
        throw error;
      }
      end(error.name);
      return service.protocol.encodeError(error);
    } finally {
      if (decided) this.serving--;
    }
  }
}

/** Handles a call whose answer nobody will read. */
async function settled(service: Service, call: Call): Promise<void> {
  try {
    await service.handle(call);
  } catch (error) {
    if (!(error instanceof AwsError)) {
      throw error;
    }
  }
}

function faultError(fault: Exclude<Fault, { kind: 'no-answer' | 'garbled' }>, call: Call): AwsError {
  switch (fault.kind) {
    case 'throttled':
      return call.service === 'lambda'
        ? new AwsError('TooManyRequestsException', 'Rate exceeded', 429)
        : new AwsError(call.service === 'sts' ? 'Throttling' : 'ThrottlingException', 'Rate exceeded');
    case 'server-error':
      return new AwsError(call.service === 'lambda' ? 'ServiceException' : 'InternalFailure', 'An internal error', 500);
    case 'denied':
      return new AwsError(
        call.service === 'sts' ? 'AccessDenied' : 'AccessDeniedException',
        `User: ${call.principal} is not authorized to perform: ${call.service}:${call.operation}`,
        call.service === 'lambda' || call.service === 'sts' ? 403 : 400,
      );
    case 'error':
      return new AwsError(fault.name, fault.message, fault.status);
  }
}

async function read(request: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const url = new URL(request.url ?? '/', 'http://localhost');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  if (response.destroyed) {
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
