import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Microservice, type MicroserviceStack, Workload } from '../../constructs';
import { CONSUMER_TIMEOUT, OrdersData } from './orders-data';
import { OrdersHttpApi } from './orders-http-api';
import { ServiceFunction } from './service-function';

/** The example microservice: takes orders over HTTP, stores them, and works on them from a queue. */
export class Orders extends Microservice {
  public constructor() {
    super('orders');
  }

  /** Staging and every production region are instances of this one definition. */
  public define(stack: MicroserviceStack): Workload {
    const { table, queue } = new OrdersData(stack.addStack('data'), 'Orders');

    const http = new ServiceFunction(stack, 'Http', 'http', {
      description: 'Takes and shows orders',
      environment: { ORDERS_TABLE: table.tableName, ORDERS_QUEUE_URL: queue.queueUrl },
      timeout: Duration.seconds(10),
      reservedConcurrentExecutions: stack.capacity(100),
    });
    table.grant(http, 'dynamodb:GetItem', 'dynamodb:PutItem');
    queue.grantSendMessages(http);

    const consumer = new ServiceFunction(stack, 'Consumer', 'consumer', {
      description: 'Accepts the orders in the queue',
      environment: { ORDERS_TABLE: table.tableName },
      timeout: CONSUMER_TIMEOUT,
    });
    table.grant(consumer, 'dynamodb:GetItem', 'dynamodb:UpdateItem');

    // Callers attach to the aliases, so that the canary gets its share of the requests and of the queue.
    const workload = Workload.lambdas({ http, consumer });
    const api = new OrdersHttpApi(stack, 'Api', {
      handler: workload.alias('http'),
      requestsPerSecond: stack.capacity(500),
    });
    workload.alias('consumer').addEventSource(
      new SqsEventSource(queue, {
        reportBatchItemFailures: true,
        maxConcurrency: stack.capacity(40),
      }),
    );
    stack.exposeToStagingTests('ORDERS_URL', api.url);
    return workload;
  }
}
