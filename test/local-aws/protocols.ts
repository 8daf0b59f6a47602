import { AwsError, type Fields } from './call';

/** A request over HTTP. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** Wire format of a service's calls. */
export interface Protocol {
  decode(request: HttpRequest): { readonly operation: string; readonly input: Fields };
  encode(operation: string, output: Fields): HttpAnswer;
  encodeError(error: AwsError): HttpAnswer;
}

/** AWS JSON 1.0 and 1.1: the operation is in a header, members are JSON, times are seconds. */
export function awsJson(version: '1.0' | '1.1'): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  const answer = (status: number, body: Fields, headers: { [name: string]: string } = {}): HttpAnswer => ({
    status,
    headers: { 'content-type': contentType, ...headers },
    body: JSON.stringify(body),
  });
  return {
    decode: ({ headers, body }) => {
      const target = String(headers['x-amz-target'] ?? '');
      return { operation: target.slice(target.lastIndexOf('.') + 1), input: parseJson(body) };
    },
    encode: (_operation, output) => answer(200, output),
    encodeError: ({ name, message, status, fields }) =>
      // Services that once had the query protocol send the last header; other services' clients ignore it.
      answer(
        status,
        { __type: name, message, ...fields },
        { 'x-amzn-query-error': `${name};${status < 500 ? 'Sender' : 'Receiver'}` },
      ),
  };
}

/** AWS query: requests are forms, answers are XML. Supports only flat members, which is all that AssumeRole needs. */
export function awsQuery(namespace: string): Protocol {
  const xml = (status: number, body: string): HttpAnswer => ({ status, headers: { 'content-type': 'text/xml' }, body });
  return {
    decode: ({ body }) => {
      const { Action: operation = '', ...input } = Object.fromEntries(new URLSearchParams(body));
      return { operation, input };
    },
    encode: (operation, output) =>
      xml(
        200,
        `<${operation}Response xmlns="${namespace}"><${operation}Result>${elements(output)}</${operation}Result>` +
          `<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${operation}Response>`,
      ),
    encodeError: ({ name, message, status }) =>
      xml(
        status,
        `<ErrorResponse xmlns="${namespace}"><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>` +
          `${elements({ Code: name, Message: message })}</Error><RequestId>local</RequestId></ErrorResponse>`,
      ),
  };
}

/** One operation of a REST service, such as `GET /functions/:FunctionName`, with its status of success. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  /** Path, in which a segment that begins with a colon is a member. */
  readonly path: string;
  /** Query parameter that this operation requires. */
  readonly query?: string;
  readonly status: number;
}

/** REST JSON: method and path name the operation; members are in path, query and body. */
export function restJson(routes: readonly Route[]): Protocol {
  return {
    decode: ({ method, path, query, body }) => {
      for (const route of routes) {
        const members = method === route.method ? match(route.path, path) : undefined;
        if (members && (!route.query || query.has(route.query))) {
          return {
            operation: route.operation,
            input: { ...parseJson(body), ...Object.fromEntries(query), ...members },
          };
        }
      }
      throw new AwsError('UnknownOperationException', `${method} ${path} is no operation of this service`, 404);
    },
    encode: (operation, output) => {
      const status = routes.find((route) => route.operation === operation)?.status ?? 200;
      return {
        status,
        headers: { 'content-type': 'application/json' },
        body: status === 204 ? '' : JSON.stringify(output),
      };
    },
    encodeError: ({ name, message, status, fields }) => ({
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': name },
      body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', message, Message: message, ...fields }),
    }),
  };
}

function match(pattern: string, path: string): { [member: string]: string } | undefined {
  const wanted = pattern.split('/');
  const found = path.replace(/\/$/, '').split('/');
  const members: { [member: string]: string } = {};
  const fits =
    wanted.length === found.length &&
    wanted.every((segment, at) => {
      if (segment.startsWith(':')) {
        members[segment.slice(1)] = decodeURIComponent(found[at]);
        return found[at] !== '';
      }
      return segment === found[at];
    });
  return fits ? members : undefined;
}

function parseJson(body: string): Fields {
  if (body === '') {
    return {};
  }
  try {
    return JSON.parse(body) as Fields;
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON');
  }
}

function elements(fields: Fields): string {
  return Object.entries(fields)
    .map(
      ([name, value]) =>
        `<${name}>${typeof value === 'object' && value !== null ? elements(value as Fields) : escapeXml(String(value))}</${name}>`,
    )
    .join('');
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
