import {
  CodePipelineClient,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { World } from './world';

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

  test('refuses a write whose condition does not hold', async () => {
    const put = () =>
      client.send(
        new PutItemCommand({ TableName, Item: item('once', 1), ConditionExpression: 'attribute_not_exists(pk)' }),
      );
    await put();
    await expect(put()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  test('keeps a table in one account and region', async () => {
    const elsewhere = new DynamoDBClient(world.client({ ...TOOLS, region: 'us-east-1' }));
    const update = new UpdateItemCommand({ TableName, Key: { pk: { S: 'once' } } });
    await expect(elsewhere.send(update)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('CodePipeline', () => {
  let client: CodePipelineClient;
  beforeAll(() => {
    client = new CodePipelineClient(world.client(TOOLS));
  });

  test('returns the status of an execution', async () => {
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
    expect(world.codepipeline.result(TOOLS, id)).toMatchObject({ state: 'succeeded', outputVariables: { token: '1' } });
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

  test('refuses output variables together with a continuation token', async () => {
    const { id } = world.codepipeline.job(TOOLS, 'ledger', '{}');
    const command = { jobId: id, continuationToken: '1', outputVariables: { a: 'b' } };
    await expect(client.send(new PutJobSuccessResultCommand(command))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  describe('transitions', () => {
    beforeEach(() => world.codepipeline.createPipeline(TOOLS, 'shop', ['Source', 'Canary']));

    const transition = { pipelineName: 'shop', stageName: 'Canary', transitionType: 'Inbound' } as const;
    const disable = (reason: string, more: { readonly [member: string]: string } = {}) =>
      client.send(new DisableStageTransitionCommand({ ...transition, reason, ...more }));
    const state = async () => (await client.send(new GetPipelineStateCommand({ name: 'shop' }))).stageStates;

    test('are enabled, disabled with a reason, and enabled again', async () => {
      const enabled = { inboundTransitionState: { enabled: true } };
      const source = { stageName: 'Source', ...enabled };
      expect(await state()).toMatchObject([source, { stageName: 'Canary', ...enabled }]);
      await disable('held (by us)');
      const disabled = { inboundTransitionState: { enabled: false, disabledReason: 'held (by us)' } };
      expect(await state()).toMatchObject([source, { stageName: 'Canary', ...disabled }]);
      await client.send(new EnableStageTransitionCommand(transition));
      expect(await state()).toMatchObject([source, { stageName: 'Canary', ...enabled }]);
    });

    test('name the execution that waits before a stage, and the one inside', async () => {
      world.codepipeline.setExecution(TOOLS, 'shop', 'e-1', 'Failed');
      Object.assign(world.codepipeline.transition(TOOLS, 'shop', 'Canary'), { waiting: 'e-2', inside: 'e-1' });
      expect((await state())?.[1]).toMatchObject({
        inboundExecution: { pipelineExecutionId: 'e-2', status: 'InProgress' },
        latestExecution: { pipelineExecutionId: 'e-1', status: 'Failed' },
      });
    });

    test.each(['', 'x'.repeat(301), 'with, comma', 'by: Ada', 'under_score', 'a/b'])(
      'refuse the reason %j',
      async (reason) => {
        await expect(disable(reason)).rejects.toMatchObject({ name: 'ValidationException' });
      },
    );

    test.each([
      ['PipelineNotFoundException', { pipelineName: 'other' }],
      ['StageNotFoundException', { stageName: 'Other' }],
    ])('%s for %j', async (name, more) => {
      await expect(disable('held', more)).rejects.toMatchObject({ name });
    });
  });
});
