import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { schema } from '../core/shape';
import { conditionally, toExpressions, type Update } from './update';

/** Schema number of every item. */
export const LEDGER_SCHEMA = 1;
const ledgerSchema = schema(LEDGER_SCHEMA, 'another version of the pipeline wrote it; use that one');

/** Table of a pipeline's ledger: one item per subject, each write conditional on its own item. */
export class LedgerTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  protected async get(pk: string): Promise<object | undefined> {
    const command = new GetItemCommand({
      TableName: this.table,
      Key: marshall({ pk }),
      ConsistentRead: true,
      // Distinguishes a missing item from an answer that was lost and arrived empty.
      ReturnConsumedCapacity: 'TOTAL',
    });
    const { Item, ConsumedCapacity } = await this.client.send(command);
    if (!Item && !ConsumedCapacity) throw new Error(`DynamoDB gave an empty answer about ${pk}`);
    if (!Item) return undefined;
    const item = unmarshall(Item);
    ledgerSchema(item.schema, `ledger item ${pk}: schema`);
    return item;
  }

  protected async put(pk: string, item: object, onlyIf: readonly Update[]): Promise<void> {
    const Item = marshall({ pk, schema: LEDGER_SCHEMA, ...item }, { removeUndefinedValues: true });
    const command = new PutItemCommand({ TableName: this.table, Item, ...toExpressions(onlyIf) });
    await conditionally(pk, this.client.send(command));
  }

  /** @param counting also counts the write in the item's `changes` */
  protected async update(pk: string, updates: readonly Update[], counting = false): Promise<void> {
    const expressions = toExpressions(updates, counting);
    const command = new UpdateItemCommand({ TableName: this.table, Key: marshall({ pk }), ...expressions });
    await conditionally(pk, this.client.send(command));
  }

  protected async delete(pk: string): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.table, Key: marshall({ pk }) }));
  }
}
