import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { GetAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { World } from './world';

const TOOLS = { account: '111111111111', region: 'us-west-2' };
const PROD = { account: '222222222222', region: 'eu-west-1' };
const ROLE = 'arn:aws:iam::222222222222:role/orders-production-eu-west-1-rollout';

let world: World;
beforeEach(async () => {
  world = await World.start();
});
afterEach(() => world.close());

const getParameter = (client: SSMClient) => client.send(new GetParametersCommand({ Names: ['/a'] }));

async function assume(region = PROD.region): Promise<SSMClient> {
  const sts = new STSClient(world.client(TOOLS));
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'test' }));
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken,
  };
  return new SSMClient({ ...world.client(PROD), region, credentials });
}

describe('the local AWS', () => {
  beforeEach(() => {
    world.sts.addRole(ROLE, [TOOLS.account]);
    world.ssm.put(PROD, '/a', 'in production');
  });

  test('shows an assumed role its account, in the region of the client', async () => {
    expect((await getParameter(await assume())).Parameters).toMatchObject([{ Name: '/a', Value: 'in production' }]);
    expect((await getParameter(await assume('us-east-1'))).InvalidParameters).toEqual(['/a']);
  });

  test('shows an account’s own credentials only that account', async () => {
    const own = new SSMClient(world.client({ ...TOOLS, region: PROD.region }));
    expect((await getParameter(own)).InvalidParameters).toEqual(['/a']);
  });

  test('refuses to assume a role that does not exist or trusts another account', async () => {
    const from = (account: string) => new STSClient(world.client({ ...TOOLS, account }));
    const command = (RoleArn: string) => new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' });
    await expect(from(TOOLS.account).send(command(`${ROLE}x`))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(from('333333333333').send(command(ROLE))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('allows a role with a policy only its actions on its resources', async () => {
    const allow = (action: string, resource: string) =>
      world.iam.attach(ROLE, [{ actions: [action], resources: [resource] }]);
    const parameter = `arn:aws:ssm:${PROD.region}:${PROD.account}:parameter`;
    allow('ssm:GetParameters', `${parameter}/*`);
    await getParameter(await assume());
    const refused = { name: 'AccessDeniedException' };
    allow('ssm:GetParameters', `${parameter}/b`);
    await expect(getParameter(await assume())).rejects.toMatchObject(refused);
    allow('ssm:GetParameter', `${parameter}/*`);
    await expect(getParameter(await assume())).rejects.toMatchObject(refused);
  });

  test('ends a session after an hour of virtual time', async () => {
    const client = await assume();
    await world.clock.advance(59);
    await getParameter(client);
    await world.clock.advance(1);
    await expect(getParameter(client)).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });
});

describe('CloudWatch', () => {
  const client = () => new CloudWatchClient(world.client(PROD));
  const describeAlarms = async (names: string[]) =>
    (await client().send(new DescribeAlarmsCommand({ AlarmNames: names }))).MetricAlarms ?? [];

  test('lists states and times of alarms, without unknown names', async () => {
    world.cloudwatch.put(PROD, 'errors');
    await world.clock.advance(10);
    world.cloudwatch.set(PROD, 'errors', 'OK', 'no errors');
    expect(await describeAlarms(['errors', 'other'])).toMatchObject([
      {
        AlarmName: 'errors',
        StateValue: 'OK',
        StateReason: 'no errors',
        StateUpdatedTimestamp: new Date('2026-03-02T09:10:00Z'),
        AlarmConfigurationUpdatedTimestamp: new Date('2026-03-02T09:00:00Z'),
      },
    ]);
  });

  test('keeps an alarm’s state when its configuration changes', async () => {
    world.cloudwatch.set(PROD, 'errors', 'ALARM');
    await world.clock.advance(10);
    world.cloudwatch.put(PROD, 'errors');
    const [alarm] = await describeAlarms(['errors']);
    expect(alarm).toMatchObject({
      StateValue: 'ALARM',
      StateUpdatedTimestamp: new Date('2026-03-02T09:00:00Z'),
      AlarmConfigurationUpdatedTimestamp: new Date('2026-03-02T09:10:00Z'),
    });
  });

  test('takes at most 100 names', async () => {
    const names = Array.from({ length: 101 }, (_, at) => `alarm-${at}`);
    await expect(describeAlarms(names)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('refuses to set the state of an alarm that does not exist', async () => {
    const command = new SetAlarmStateCommand({ AlarmName: 'none', StateValue: 'OK', StateReason: 'test' });
    await expect(client().send(command)).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });
});

describe('the endpoint', () => {
  const alias = new GetAliasCommand({ FunctionName: 'orders', Name: 'live' });
  let lambda: LambdaClient;
  beforeEach(() => {
    lambda = new LambdaClient(world.client(PROD));
    const orders = world.lambda.create(PROD, 'orders', 'code');
    orders.publish();
    orders.setAlias('live', '1');
    world.ssm.put(PROD, '/a', 'value');
  });

  test.each([
    ['throttled', 'TooManyRequestsException', 429],
    ['server-error', 'ServiceException', 500],
    ['denied', 'AccessDeniedException', 403],
  ] as const)('can fail a call: %s', async (kind, name, status) => {
    world.faults = () => ({ kind });
    await expect(lambda.send(alias)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
  });

  test('gives each call to the plan of faults, which can pick', async () => {
    world.faults = ({ operation, region }) =>
      operation === 'GetAlias' && region === PROD.region ? { kind: 'throttled' } : undefined;
    await expect(lambda.send(alias)).rejects.toThrow('Rate exceeded');
    await getParameter(new SSMClient(world.client(PROD)));
  });

  test.each([
    [true, 'OK'],
    [false, undefined],
  ])('can leave a call without an answer, with an effect: %s', async (effect, state) => {
    world.faults = () => ({ kind: 'no-answer', effect });
    world.cloudwatch.put(PROD, 'errors');
    const command = new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'OK', StateReason: 'test' });
    await expect(new CloudWatchClient(world.client(PROD)).send(command)).rejects.toThrow();
    world.faults = () => undefined;
    expect(world.cloudwatch.alarm(PROD, 'errors')?.state).toBe(state ?? 'INSUFFICIENT_DATA');
  });

  test('can garble an answer', async () => {
    world.faults = () => ({ kind: 'garbled', body: '<html>' });
    await expect(lambda.send(alias)).rejects.toThrow();
    world.faults = () => ({ kind: 'garbled', body: '' });
    expect((await lambda.send(alias)).FunctionVersion).toBeUndefined();
  });

  test('records every call with its caller, place and result', async () => {
    await lambda.send(alias);
    await expect(lambda.send(new GetAliasCommand({ FunctionName: 'x', Name: 'live' }))).rejects.toThrow();
    expect(world.calls[0].error).toBeUndefined();
    const common = { service: 'lambda', operation: 'GetAlias', ...PROD, at: world.clock.now() };
    expect(world.calls).toMatchObject([
      { ...common, input: { FunctionName: 'orders', Name: 'live' } },
      { ...common, input: { FunctionName: 'x', Name: 'live' }, error: 'ResourceNotFoundException' },
    ]);
  });
});
