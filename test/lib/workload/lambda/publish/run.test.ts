import type { Request } from '../../../../../lib/workload/lambda/publish/request';
import { run } from '../../../../../lib/workload/lambda/publish/run';
import { FakeLambda, timing } from './fake-lambda';

const request = (
  type: Request['type'],
  properties: unknown = { FunctionName: 'orders', AliasName: 'live' },
): Request => ({
  type,
  responseUrl: 'https://example.com',
  stackId: 'stack',
  requestId: 'request',
  logicalResourceId: 'HandlerPublication',
  physicalResourceId: 'HandlerPublication-publication',
  properties,
});

const denied = () => Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });

let lambda: FakeLambda;
beforeEach(() => {
  lambda = new FakeLambda();
});

test('a success is the result', async () => {
  expect(await run(request('Create'), lambda, timing())).toMatchObject({ published: { candidate: '1' } });
});

test('a failure is the result, too', async () => {
  lambda.latest = { ...lambda.latest, State: 'Failed', StateReason: 'no such image' };
  expect(await run(request('Update'), lambda, timing())).toEqual({
    failure: 'orders cannot be published: State is Failed: no such image',
  });
});

test('wrong properties fail a create', async () => {
  expect(await run(request('Create', {}), lambda, timing())).toEqual({
    failure: 'Custom::LambdaPublication needs the properties FunctionName and AliasName',
  });
});

test.each([undefined, {}, { FunctionName: 'orders', AliasName: 'live' }])(
  'a delete with properties %j succeeds without a call: the alias is for Lambda to delete, with the function',
  async (properties) => {
    lambda.before = () => {
      throw denied();
    };
    expect(await run(request('Delete', properties), lambda, timing())).toEqual({});
    expect(lambda.calls).toEqual([]);
  },
);

test('a role whose policy is not in effect everywhere yet gets a minute', async () => {
  const time = timing();
  lambda.before = () => {
    if (time.now() < 30_000) {
      throw denied();
    }
  };
  expect(await run(request('Create'), lambda, time)).toMatchObject({ published: { candidate: '1' } });
});

test('a role without permission is a failure', async () => {
  const time = timing();
  lambda.before = () => {
    throw denied();
  };
  expect(await run(request('Create'), lambda, time)).toEqual({ failure: 'AccessDeniedException: not authorized' });
  expect(time.now()).toBeLessThanOrEqual(60_000);
});

test('old versions that cannot be deleted fail no publish', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  for (let version = 1; version <= 12; version++) {
    lambda.published.set(String(version), lambda.latest);
  }
  lambda.before = (operation) => {
    if (operation.startsWith('deleteVersion')) {
      throw denied();
    }
  };
  expect(await run(request('Update'), lambda, timing())).toMatchObject({ published: { candidate: '13' } });
  expect(warn).toHaveBeenCalledWith('Old versions of orders stay: AccessDeniedException: not authorized');
});
