import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { runInThisContext } from 'node:vm';
import type { HttpAnswer, HttpRequest } from './protocols';

/** Handles a request. `break` breaks the connection, `hang` never answers. */
export type Serve = (request: HttpRequest) => Promise<HttpAnswer | 'break' | 'hang'>;

/** Options of a client's request, as for `node:https`. */
interface RequestOptions {
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** A host that refuses every connection. */
export const NOBODY = 'nobody.local-aws';

type OnResponse = (response: Readable) => void;

/** The part of `node:https` that the SDK and the handlers use, without a socket: every request goes to `serve`. */
export function httpsTo(serve: Serve): object {
  const request = (to: string | RequestOptions, ...rest: readonly (RequestOptions | OnResponse)[]): LocalRequest => {
    const onResponse = rest.at(-1) as OnResponse;
    const { pathname, search } = typeof to === 'string' ? new URL(to) : { pathname: '', search: '' };
    const options = typeof to === 'string' ? { ...(rest[0] as RequestOptions), path: `${pathname}${search}` } : to;
    return new LocalRequest(options.host === NOBODY ? refuse : serve, options, onResponse);
  };
  return { request, Agent: class {} };
}

/** Creates a request handler for the SDK clients of tests. */
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
  /** The socket is connected from the beginning. */
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

  /** The socket is never idle. */
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

/** Class of Node.js' own errors. Bundles run outside of jest's context and do not recognize its errors. */
const NodeError = runInThisContext('Error') as ErrorConstructor;

/** Error of Node.js for a server that ends the connection without an answer. */
const connectionReset = (): Error => Object.assign(new NodeError('socket hang up'), { code: 'ECONNRESET' });

const refuse: Serve = async () => {
  throw Object.assign(new NodeError(`connect ECONNREFUSED ${NOBODY}`), { code: 'ECONNREFUSED' });
};
