import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import dynalite from 'dynalite';
import { AwsError, type Call, type Fields, placeKey } from './call';
import type { Service } from './endpoint';
import { awsJson } from './protocols';

/**
 * DynamoDB: dynalite behind this endpoint, one per account and region, called without a second connection. It supports
 * no transactions; the ledger needs none.
 */
export class DynamoDb implements Service {
  readonly name = 'dynamodb';
  readonly protocol = awsJson('1.0');

  private readonly stores = new Map<string, Server>();

  handle(call: Pick<Call, 'account' | 'region' | 'operation' | 'input'>): Promise<Fields> {
    const key = placeKey(call);
    const store = this.stores.get(key) ?? dynalite({ createTableMs: 0, deleteTableMs: 0 });
    this.stores.set(key, store);
    return invoke(store, call.operation, call.input);
  }
}

/** Sends a request to dynalite's listener. */
async function invoke(store: Server, operation: string, input: Fields): Promise<Fields> {
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve) => {
    const request = Object.assign(new EventEmitter(), {
      method: 'POST',
      url: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': 'local',
        authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=local, Signature=local',
      },
    });
    const response = {
      statusCode: 200,
      setHeader: () => undefined,
      end: (text: string) => resolve({ status: response.statusCode, body: text }),
    };
    store.emit('request', request as unknown as IncomingMessage, response as unknown as ServerResponse);
    request.emit('data', Buffer.from(JSON.stringify(input)));
    request.emit('end');
  });
  const output = JSON.parse(body) as Fields;
  if (status >= 400) {
    const { __type: type, message, Message, ...fields } = output;
    throw new AwsError(String(type).replace(/^.*#/, ''), String(message ?? Message ?? ''), status, fields);
  }
  return output;
}
