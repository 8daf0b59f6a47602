import { AwsError, type Fields, list, structure } from './call';
import type { Operate } from './dynamodb';

/** Most writes in a transaction. */
const WRITES_LIMIT = 100;

const OPERATIONS: { readonly [member: string]: string } = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  // A condition alone is an update that changes nothing; the item it may create is taken back.
  ConditionCheck: 'UpdateItem',
};

interface Write {
  readonly member: string;
  readonly input: Fields;
  readonly table: string;
  readonly key: Fields;
  readonly before: unknown;
}

/** All writes or none: each is done, and what was done is undone as soon as one is refused. */
export async function transact(operate: Operate, input: Fields): Promise<Fields> {
  const items = list(input, 'TransactItems') as readonly Fields[];
  if (items.length < 1 || items.length > WRITES_LIMIT) {
    throw new AwsError('ValidationException', `${items.length} writes, 1 to ${WRITES_LIMIT} are allowed`);
  }
  const writes = await Promise.all(items.map((item) => describe(operate, item)));
  const places = writes.map(({ table, key }) => JSON.stringify([table, key]));
  if (new Set(places).size !== places.length) {
    throw new AwsError('ValidationException', 'Transaction request cannot include multiple operations on one item');
  }
  for (const [at, write] of writes.entries()) {
    try {
      const { ReturnValuesOnConditionCheckFailure: _returned, ...rest } = write.input;
      await operate(OPERATIONS[write.member], rest);
    } catch (error) {
      await undo(operate, writes.slice(0, at));
      throw canceled(writes, at, error);
    }
  }
  await undo(
    operate,
    writes.filter(({ member }) => member === 'ConditionCheck'),
  );
  return {};
}

async function describe(operate: Operate, item: Fields): Promise<Write> {
  const [member] = Object.keys(item);
  const input = structure(item, member);
  const table = String(input.TableName);
  const key = member === 'Put' ? await keyOf(operate, table, structure(input, 'Item')) : structure(input, 'Key');
  const { Item: before } = await operate('GetItem', { TableName: table, Key: key, ConsistentRead: true });
  return { member, input, table, key, before };
}

async function keyOf(operate: Operate, table: string, item: Fields): Promise<Fields> {
  const { Table } = await operate('DescribeTable', { TableName: table });
  const schema = list(Table as Fields, 'KeySchema') as readonly Fields[];
  return Object.fromEntries(schema.map(({ AttributeName }) => [AttributeName, item[String(AttributeName)]]));
}

async function undo(operate: Operate, writes: readonly Write[]): Promise<void> {
  for (const { table, key, before } of writes) {
    await (before
      ? operate('PutItem', { TableName: table, Item: before })
      : operate('DeleteItem', { TableName: table, Key: key }));
  }
}

function canceled(writes: readonly Write[], at: number, error: unknown): unknown {
  if (!(error instanceof AwsError) || error.name !== 'ConditionalCheckFailedException') {
    return error;
  }
  const reasons = writes.map(({ input, before }, other) => {
    const item = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before ? { Item: before } : {};
    return other === at ? { Code: 'ConditionalCheckFailed', Message: error.message, ...item } : { Code: 'None' };
  });
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}
