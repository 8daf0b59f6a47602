import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import dynalite from 'dynalite';
import { Ledger } from '../../../lib/ledger/ledger';
import { createLedgerTable } from '../../helpers/ledger-table';

const TABLE = 'ledger';

/** Ledger in a DynamoDB of its own. */
export interface LocalLedger {
  readonly ledger: Ledger;
  readonly client: DynamoDBClient;
  /** Reads an item as it is in the table. */
  item(pk: string): Promise<{ readonly [name: string]: unknown } | undefined>;
  close(): Promise<void>;
}

/** Creates a ledger whose real client calls dynalite. */
export async function localLedger(): Promise<LocalLedger> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-west-2',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  await createLedgerTable(client, TABLE);
  return {
    ledger: new Ledger(client, TABLE),
    client,
    item: async (pk) => {
      const { Item } = await client.send(new GetItemCommand({ TableName: TABLE, Key: { pk: { S: pk } } }));
      return Item && unmarshall(Item);
    },
    close: async () => {
      client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
