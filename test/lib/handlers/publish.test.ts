import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultPlan } from '../../local-aws/call';
import { World } from '../../local-aws/world';

/** Tests around the logic of the publication: the SDK on the wire, the answer, the log, and the remaining time. */
const PLACE = { account: '222222222222', region: 'eu-west-1' };

type Handler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<void>;

let world: World;
let handler: Handler;
let cloudFormation: Server;
/** Answers that CloudFormation got. */
let answers: { readonly status: number; readonly body: string; readonly contentType?: string }[];
/** Statuses with which CloudFormation answers, one after the other; 200 when none is left. */
let statuses: number[];
let logged: string;

beforeAll(async () => {
  world = await World.start();
  Object.assign(process.env, world.environmentOf(PLACE));
  ({ handler } = require('../../../lib/handlers/publish'));
  cloudFormation = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    const status = request.method === 'PUT' ? (statuses.shift() ?? 200) : 405;
    answers.push({ status, body, contentType: request.headers['content-type'] });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  cloudFormation.close();
  await world.close();
});

beforeEach(() => {
  answers = [];
  statuses = [];
  logged = '';
  for (const level of ['log', 'warn', 'error', 'info'] as const) {
    jest.spyOn(console, level).mockImplementation((...parts) => {
      logged += `${parts.map(String).join(' ')}\n`;
    });
  }
  world.faults = () => undefined;
});

afterEach(() => {
  world.lambda.delete(PLACE, 'orders');
});

/** Handles a request with so much time until the function's own timeout, in seconds. */
async function handle(type: string, seconds = 60, functionName = 'orders') {
  const { port } = cloudFormation.address() as AddressInfo;
  await handler(
    {
      RequestType: type,
      ResponseURL: `http://127.0.0.1:${port}/answer?X-Amz-Signature=topsecret`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'HandlerPublication',
      PhysicalResourceId: type === 'Create' ? undefined : 'HandlerPublication-publication',
      ResourceProperties: { FunctionName: functionName, AliasName: 'live', Function: { Environment: 'hidden-value' } },
    },
    { getRemainingTimeInMillis: () => seconds * 1_000 },
  );
  return JSON.parse(answers[answers.length - 1].body);
}

const fault =
  (operation: string, ...plan: [Awaited<ReturnType<FaultPlan>>]): FaultPlan =>
  (call) =>
    call.operation === operation ? plan[0] : undefined;

test('publishes, creates the alias and answers with all attributes', async () => {
  const orders = world.lambda.create(PLACE, 'orders', 'code 1');
  expect(await handle('Create')).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'HandlerPublication-publication',
    Data: { FunctionName: 'orders', Qualifier: 'live', AliasArn: `${orders.arn}:live`, CandidateVersion: '1' },
  });
  expect(orders.shares('live')).toEqual({ 1: 1 });
});

test('publishes under the condition that the function is still as it was read', async () => {
  const orders = world.lambda.create(PLACE, 'orders', 'code 1');
  const { revisionId, codeSha256 } = orders.latest;
  await handle('Create');
  const publish = world.calls.findLast(({ operation }) => operation === 'PublishVersion');
  expect(publish?.input).toMatchObject({ RevisionId: revisionId, CodeSha256: codeSha256 });
});

test('reads again when the function changed after it was read', async () => {
  const orders = world.lambda.create(PLACE, 'orders', 'code 1');
  let changed = false;
  world.faults = ({ operation }) => {
    if (operation === 'PublishVersion' && !changed) {
      changed = true;
      orders.update({ settings: { Timeout: 9 } });
    }
    return undefined;
  };
  expect(await handle('Create')).toMatchObject({ Status: 'SUCCESS' });
  expect(orders.versions.get('1')?.settings.Timeout).toBe(9);
});

test('adopts an alias that is created at the same moment', async () => {
  const orders = world.lambda.create(PLACE, 'orders', 'code 1');
  world.faults = ({ operation }) => {
    if (operation === 'CreateAlias') {
      orders.setAlias('live', '1');
    }
    return undefined;
  };
  expect(await handle('Create')).toMatchObject({ Status: 'SUCCESS', Data: { CandidateVersion: '1' } });
});

test('neither logs nor answers the event, its URL or its properties', async () => {
  world.lambda.create(PLACE, 'orders', 'code 1');
  await handle('Create');
  await handle('Update', 60, 'missing');
  expect(logged).toContain('HandlerPublication');
  for (const secret of ['topsecret', 'hidden-value', 'ResponseURL']) {
    expect(logged).not.toContain(secret);
    expect(answers.map(({ body }) => body).join()).not.toContain(secret);
  }
});

test('a function that does not exist is a failure with a reason', async () => {
  expect(await handle('Create', 60, 'missing')).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('ResourceNotFoundException: Function not found'),
    PhysicalResourceId: 'HandlerPublication-publication',
  });
});

test('a delete succeeds without a call of Lambda, with or without the function and its alias', async () => {
  const before = world.calls.length;
  expect(await handle('Delete', 60, 'missing')).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'HandlerPublication-publication',
  });
  const orders = world.lambda.create(PLACE, 'orders', 'code 1');
  expect(await handle('Delete')).toMatchObject({ Status: 'SUCCESS' });
  orders.publish();
  orders.setAlias('live', '1');
  expect(await handle('Delete')).toMatchObject({ Status: 'SUCCESS' });
  expect(orders.shares('live')).toEqual({ 1: 1 });
  expect(world.calls.slice(before)).toEqual([]);
});

test('answers in time when Lambda does not', async () => {
  world.lambda.create(PLACE, 'orders', 'code 1');
  world.faults = fault('GetAlias', { kind: 'no-answer', effect: false, hangs: true });
  const started = Date.now();
  expect(await handle('Update', 21)).toMatchObject({
    Status: 'FAILED',
    Reason: 'Lambda did not answer within 1 seconds: try again',
  });
  expect(Date.now() - started).toBeLessThan(5_000);
});

test('answers again when CloudFormation did not take it, with an empty content type', async () => {
  world.lambda.create(PLACE, 'orders', 'code 1');
  statuses = [503, 500];
  await handle('Create');
  expect(answers.map(({ status }) => status)).toEqual([503, 500, 200]);
  expect(new Set(answers.map(({ contentType }) => contentType))).toEqual(new Set(['']));
});

test('an event that cannot be answered is an error of the function', async () => {
  await expect(handler({ RequestType: 'Create' }, { getRemainingTimeInMillis: () => 60_000 })).rejects.toThrow(
    'Not an event of a custom resource',
  );
});
