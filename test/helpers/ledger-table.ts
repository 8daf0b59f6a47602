import { CreateTableCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LEDGER_SCHEMA } from '../../lib/ledger/table';

/** Returns an item as the ledger writes it. */
export const ledgerItem = (pk: string, item: object): object => ({ pk, schema: LEDGER_SCHEMA, ...item });

/** Creates a ledger's table in a dynalite, and waits until it exists: creation continues after the answer. */
export async function createLedgerTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await active(client, name);
}

async function active(client: DynamoDBClient, name: string): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
  if (Table?.TableStatus !== 'ACTIVE') await active(client, name);
}
