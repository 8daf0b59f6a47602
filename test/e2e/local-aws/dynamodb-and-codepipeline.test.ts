import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { World } from '../../helpers/local-aws/world';

const TOOLS = { account: '111111111111', region: 'us-west-2' };

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.close());

describe('DynamoDB', () => {
  const TableName = 'ledger';
  const item = (pk: string, n: number) => ({ pk: { S: pk }, n: { N: String(n) } });
  let client: DynamoDBClient;
  beforeAll(async () => {
    client = new DynamoDBClient(world.client(TOOLS));
    await createLedger(client);
  });

  const createLedger = (on: DynamoDBClient) =>
    on.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );

  const get = async (pk: string) =>
    (await client.send(new GetItemCommand({ TableName, Key: { pk: { S: pk } }, ConsistentRead: true }))).Item;

  test('a write whose condition does not hold is refused', async () => {
    const put = () =>
      client.send(
        new PutItemCommand({ TableName, Item: item('once', 1), ConditionExpression: 'attribute_not_exists(pk)' }),
      );
    await put();
    await expect(put()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  test('a transaction writes all', async () => {
    await client.send(new PutItemCommand({ TableName, Item: item('all', 1) }));
    const Key = { pk: { S: 'all' } };
    const values = { ':one': { N: '1' } };
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: item('all 2', 2), ConditionExpression: 'attribute_not_exists(pk)' } },
          { Update: { TableName, Key, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: values } },
          {
            ConditionCheck: {
              TableName,
              Key: { pk: { S: 'all 3' } },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
        ],
      }),
    );
    expect([await get('all'), await get('all 2'), await get('all 3')]).toEqual([
      item('all', 2),
      item('all 2', 2),
      undefined,
    ]);
  });

  test('a transaction writes nothing when one condition does not hold, and says which', async () => {
    await client.send(new PutItemCommand({ TableName, Item: item('none', 1) }));
    const transaction = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: item('none', 2) } },
          { Put: { TableName, Item: item('none 2', 2), ConditionExpression: 'attribute_exists(pk)' } },
          { Delete: { TableName, Key: { pk: { S: 'once' } } } },
        ],
      }),
    );
    await expect(transaction).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
    });
    expect([await get('none'), await get('none 2'), await get('once')]).toEqual([
      item('none', 1),
      undefined,
      item('once', 1),
    ]);
  });

  test('a table is in one account and region', async () => {
    const elsewhere = new DynamoDBClient(world.client({ ...TOOLS, region: 'us-east-1' }));
    const update = new UpdateItemCommand({ TableName, Key: { pk: { S: 'all' } } });
    await expect(elsewhere.send(update)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('CodePipeline', () => {
  let client: CodePipelineClient;
  beforeAll(() => {
    client = new CodePipelineClient(world.client(TOOLS));
  });

  test('tells the status of an execution', async () => {
    world.codepipeline.setExecution(TOOLS, 'orders', 'e-1', 'Superseded');
    const get = (pipelineName: string, pipelineExecutionId: string) =>
      client.send(new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }));
    expect((await get('orders', 'e-1')).pipelineExecution).toMatchObject({ status: 'Superseded' });
    await expect(get('orders', 'e-2')).rejects.toMatchObject({ name: 'PipelineExecutionNotFoundException' });
    await expect(get('other', 'e-1')).rejects.toMatchObject({ name: 'PipelineNotFoundException' });
  });

  test('takes the result of a job once', async () => {
    const { id } = world.codepipeline.job(TOOLS, 'ledger', '{}');
    const succeed = () => client.send(new PutJobSuccessResultCommand({ jobId: id, outputVariables: { token: '1' } }));
    await succeed();
    expect(world.codepipeline.result(TOOLS, id)).toEqual({ state: 'succeeded', outputVariables: { token: '1' } });
    await expect(succeed()).rejects.toMatchObject({ name: 'InvalidJobStateException' });
  });

  test('takes a failure with a message of at most 5,000 characters', async () => {
    const { id } = world.codepipeline.job(TOOLS, 'ledger', '{}');
    const fail = (message: string) =>
      client.send(new PutJobFailureResultCommand({ jobId: id, failureDetails: { message, type: 'JobFailed' } }));
    await expect(fail('x'.repeat(5_001))).rejects.toMatchObject({ name: 'ValidationException' });
    await fail('another release holds production');
    expect(world.codepipeline.result(TOOLS, id)).toEqual({
      state: 'failed',
      message: 'another release holds production',
    });
  });

  test('output variables and a continuation token exclude each other', async () => {
    const { id } = world.codepipeline.job(TOOLS, 'ledger', '{}');
    const command = { jobId: id, continuationToken: '1', outputVariables: { a: 'b' } };
    await expect(client.send(new PutJobSuccessResultCommand(command))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
