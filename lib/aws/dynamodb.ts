import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CLIENT_CONFIG } from './client-config';
import { type Environment, perEnvironment } from './environment-clients';

/** Client of one account and region. */
export type DynamoDb = DynamoDBClient;

let client: DynamoDBClient | undefined;

/** Returns the client of the handler's own account and region. */
export function dynamoDb(): DynamoDb {
  client ??= new DynamoDBClient(CLIENT_CONFIG);
  return client;
}

let clientOf: ((environment: Environment) => DynamoDBClient) | undefined;

/** Returns the client of an environment. Made at the first call: the bundles of handlers without it have no STS. */
export function dynamoDbIn(environment: Environment): DynamoDb {
  clientOf ??= perEnvironment((config) => new DynamoDBClient(config));
  return clientOf(environment);
}
