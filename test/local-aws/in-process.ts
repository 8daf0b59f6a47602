import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { runInThisContext } from 'node:vm';
import type { HttpAnswer, HttpRequest } from './protocols';

/** Answers a request; `break` breaks the connection, `hang` never answers. */
export type Serve = (request: HttpRequest) => Promise<HttpAnswer | 'break' | 'hang'>;

/** What clients ask for, as `node:https` has it. */
interface RequestOptions {
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** A host of which every connection is refused. */
export const NOBODY = 'nobody.local-aws';

type OnResponse = (response: Readable) => void;

/** As much of `node:https` as the SDK and our own handlers use, without a socket: every request goes to `serve`. */
export function httpsTo(serve: Serve): object {
  const request = (to: string | RequestOptions, ...rest: readonly (RequestOptions | OnResponse)[]): LocalRequest => {
    const onResponse = rest.at(-1) as OnResponse;
    const { pathname, search } = typeof to === 'string' ? new URL(to) : { pathname: '', search: '' };
    const options = typeof to === 'string' ? { ...(rest[0] as RequestOptions), path: `${pathname}${search}` } : to;
    return new LocalRequest(options.host === NOBODY ? refuse : serve, options, onResponse);
  };
  return { request, Agent: class {} };
}

/** A request handler for clients of the SDK that tests make for themselves. */
export const requestHandlerTo = (serve: Serve): { handle(request: SdkRequest): Promise<object> } => ({
  handle: async ({ method, path, headers, body }) => {
    const answer = await serve(httpRequest({ method, path, headers }, body));
    if (typeof answer === 'string') throw connectionReset();
    const { status: statusCode, headers: answered, body: text } = answer;
    return { response: { statusCode, headers: answered, body: Readable.from([Buffer.from(text)]) } };
  },
});

/** A request of the SDK. */
interface SdkRequest extends Required<RequestOptions> {
  readonly body?: string | Uint8Array;
}

class LocalRequest extends EventEmitter {
  destroyed = false;
  /** Connected from the beginning. */
  readonly socket = Object.assign(new EventEmitter(), { connecting: false, setKeepAlive: () => undefined });

  constructor(
    private readonly serve: Serve,
    private readonly options: RequestOptions,
    private readonly onResponse: OnResponse,
  ) {
    super();
  }

  end(body?: string | Uint8Array): this {
    this.send(body).catch((error: Error) => this.destroy(error));
    return this;
  }

  /** Of the socket, which is never idle. */
  setTimeout(): this {
    return this;
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    if (error) this.emit('error', error);
    this.emit('close');
    return this;
  }

  private async send(body: string | Uint8Array | undefined): Promise<void> {
    const answer = await this.serve(httpRequest(this.options, body));
    if (this.destroyed || answer === 'hang') return;
    if (answer === 'break') throw connectionReset();
    const { status: statusCode, headers, body: text } = answer;
    this.onResponse(Object.assign(Readable.from([Buffer.from(text)]), { statusCode, headers }));
  }
}

function httpRequest(options: RequestOptions, body: string | Uint8Array = ''): HttpRequest {
  const { method = 'GET', path = '/', headers = {} } = options;
  const url = new URL(path, 'https://local');
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'),
  };
}

/** The class of the errors of Node.js itself. Bundles run outside of jest's context, whose errors they take for something else. */
const NodeError = runInThisContext('Error') as ErrorConstructor;

/** As Node.js has it when a server ends the connection without an answer. */
const connectionReset = (): Error => Object.assign(new NodeError('socket hang up'), { code: 'ECONNRESET' });

const refuse: Serve = async () => {
  throw Object.assign(new NodeError(`connect ECONNREFUSED ${NOBODY}`), { code: 'ECONNREFUSED' });
};
