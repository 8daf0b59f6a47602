import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { acceptOrders } from '../accept-orders';
import { DynamoOrderStore } from '../dynamo-order-store';
import { environmentVariable, log } from '../runtime';

/** Works on the orders in the queue. */
export const handler = acceptOrders({
  store: new DynamoOrderStore(new DynamoDBClient(), environmentVariable('ORDERS_TABLE')),
  now: () => new Date(),
  log,
});
