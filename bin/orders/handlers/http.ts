import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoOrderStore } from '../dynamo-order-store';
import { httpApi } from '../http-api';
import { environmentVariable, log } from '../runtime';
import { SqsOrderQueue } from '../sqs-order-queue';

/** Answers the requests of the HTTP API. */
export const handler = httpApi({
  store: new DynamoOrderStore(new DynamoDBClient(), environmentVariable('ORDERS_TABLE')),
  queue: new SqsOrderQueue(new SQSClient(), environmentVariable('ORDERS_QUEUE_URL')),
  now: () => new Date(),
  newId: randomUUID,
  log,
});
