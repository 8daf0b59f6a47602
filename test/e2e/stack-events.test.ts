import type { LambdaFunction } from '../local-aws/lambda-function';
import { aliasOf, EnvironmentStack } from './environment-stack';

/**
 * Tests synthesized stacks in CloudFormation's order of events. Creates and updates come first, deletes in the cleanup
 * after them; a rollback updates with the old properties, then deletes created resources.
 *
 * In every case the alias of an existing function keeps its version, its weights and its permissions.
 */
let stack: EnvironmentStack;
beforeEach(async () => {
  stack = await EnvironmentStack.start();
});
afterEach(() => stack.close());

const BOTH = { Api: 'api', Worker: 'worker' };

/** Statements of callers' policies: two of the URL, one of the topic, one of the partner. */
const OF_CALLERS = { length: 4 };

const failPublish = () => {
  stack.world.faults = ({ operation }) =>
    operation === 'PublishVersion'
      ? { kind: 'error', name: 'CodeStorageExceededException', message: 'Code storage limit exceeded.' }
      : undefined;
};

const heal = () => {
  stack.world.faults = () => undefined;
};

describe('a renamed key', () => {
  test.each([true, false])('leaves the alias and its callers as they are (callers: %s)', async (callers) => {
    expect(await stack.deploy({ callers })).toBe('CREATE_COMPLETE');
    const api = stack.function();
    api.permissions.get('live')?.add('theirs');
    const [before, attached] = [aliasOf(api), stack.callers];
    expect(await stack.deploy({ keys: { Api: 'http' }, callers })).toBe('UPDATE_COMPLETE');
    expect(aliasOf(api)).toEqual(before);
    expect(stack.callers).toEqual(attached);
    expect(stack.reported).toEqual(['http']);
  });

  test('with new code publishes a candidate, and leaves a split as it is', async () => {
    await stack.deploy();
    await stack.deploy({ code: 'code 2' });
    const api = stack.function();
    api.setAlias('live', '1', { 2: 0.08 });
    const before = aliasOf(api);
    expect(await stack.deploy({ keys: { Api: 'http' }, code: 'code 3' })).toBe('UPDATE_COMPLETE');
    expect(aliasOf(api)).toEqual(before);
    expect([...api.versions.keys()]).toEqual(['1', '2', '3']);
  });

  test('is rolled back with its stack and renamed again, and the alias stays as it is', async () => {
    await stack.deploy();
    const api = stack.function();
    const [before, attached] = [aliasOf(api), stack.callers];
    const renamed = { keys: { Api: 'http' }, code: 'code 2' };
    expect(await stack.deploy({ ...renamed, fails: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.failure).toBe('refused by the test');
    expect([aliasOf(api), stack.callers]).toEqual([before, attached]);
    expect(stack.reported).toEqual(['api']);
    expect(await stack.deploy(renamed)).toBe('UPDATE_COMPLETE');
    expect([aliasOf(api), stack.callers]).toEqual([before, attached]);
  });

  test('may be the key that another function has or had', async () => {
    await stack.deploy({ keys: BOTH });
    const [api, worker] = [stack.function('Api'), stack.function('Worker')];
    const before = [aliasOf(api), aliasOf(worker)];
    expect(await stack.deploy({ keys: { Api: 'worker', Worker: 'api' } })).toBe('UPDATE_COMPLETE');
    expect([aliasOf(api), aliasOf(worker)]).toEqual(before);
    expect(await stack.deploy({ keys: { Worker: 'worker' } })).toBe('UPDATE_COMPLETE');
    expect(aliasOf(worker)).toEqual(before[1]);
    expect(stack.exists(api)).toBe(false);
  });
});

describe('a function that is replaced', () => {
  test.each([
    ['of another name', { functionName: 'orders' }, 'Api'],
    ['of another construct id', { keys: { Http: 'api' } }, 'Http'],
    ['of another construct id and key', { keys: { Http: 'http' } }, 'Http'],
  ] as const)('by one %s is deleted after the new one has an alias', async (_, change, id) => {
    await stack.deploy();
    const old = stack.function();
    const before = aliasOf(old).alias;
    expect(await stack.deploy(change)).toBe('UPDATE_COMPLETE');
    // Creates and updates come before deletes.
    expect(stack.verbs.lastIndexOf('create')).toBeLessThan(stack.verbs.indexOf('delete'));
    expect(aliasOf(stack.function(id))).toMatchObject({ alias: { version: '1' }, permissions: OF_CALLERS });
    expect(stack.exists(old)).toBe(false);
    expect(aliasOf(old).alias).toEqual(before);
  });

  test.each([
    ['of another name', { functionName: 'orders' }],
    ['of another construct id', { keys: { Http: 'api' } }],
    ['of another construct id and key', { keys: { Http: 'http' } }],
  ] as const)('by one %s serves as before when the stack is rolled back', async (_, change) => {
    await stack.deploy();
    const old = stack.function();
    const [before, attached] = [aliasOf(old), stack.callers];
    expect(await stack.deploy({ ...change, fails: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([aliasOf(old), stack.callers]).toEqual([before, attached]);
    expect(stack.function()).toBe(old);
  });

  test('by one that takes its name is refused, and stays as it is', async () => {
    await stack.deploy({ functionName: 'orders' });
    const old = stack.function();
    const before = aliasOf(old);
    expect(await stack.deploy({ keys: { Http: 'api' }, functionName: 'orders' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.failure).toBe('Function already exist: orders');
    expect(aliasOf(old)).toEqual(before);
  });

  test('and retained keeps its alias', async () => {
    await stack.deploy({ retain: true });
    const old = stack.function();
    const before = aliasOf(old).alias;
    expect(await stack.deploy({ keys: { Http: 'api' }, retain: true })).toBe('UPDATE_COMPLETE');
    expect(stack.exists(old)).toBe(true);
    expect(aliasOf(old).alias).toEqual(before);
  });
});

describe('an alias that is older than the release of its function', () => {
  let api: LambdaFunction;
  beforeEach(async () => {
    await stack.deploy({ keys: {}, functions: ['Api'] });
    api = stack.function();
    api.publish();
    api.update({ code: 'by hand' });
    api.publish();
    api.setAlias('live', '1', { 2: 0.3 });
    api.permissions.set('live', new Set(['theirs']));
  });

  test('is adopted as it is', async () => {
    const { alias } = aliasOf(api);
    expect(await stack.deploy({ code: 'code 2' })).toBe('UPDATE_COMPLETE');
    expect(aliasOf(api)).toEqual({ alias, permissions: expect.arrayContaining(['theirs']) });
    expect([...api.versions.keys()]).toEqual(['1', '2', '3']);
  });

  test('stays as it is when the stack that adopted it is rolled back, each time', async () => {
    const before = aliasOf(api);
    for (let times = 0; times < 2; times++) {
      expect(await stack.deploy({ code: 'code 2', fails: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(aliasOf(api)).toEqual(before);
    }
    expect(await stack.deploy({ code: 'code 2' })).toBe('UPDATE_COMPLETE');
    expect(aliasOf(api).alias).toEqual(before.alias);
    expect(stack.requests).toEqual(['Create', 'Delete', 'Create', 'Delete', 'Create']);
  });

  test('stays as it is when it cannot be adopted', async () => {
    api.setAlias('live', '$LATEST');
    const before = aliasOf(api);
    expect(await stack.deploy()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stack.failure).toContain('points to $LATEST, which cannot be rolled out');
    expect(aliasOf(api)).toEqual(before);
    expect(stack.requests).toEqual(['Create', 'Delete']);
  });
});

describe('a function that leaves the workload', () => {
  test('keeps its alias where it is, also when it joins again', async () => {
    await stack.deploy({ keys: BOTH });
    await stack.deploy({ keys: BOTH, code: 'code 2' });
    const api = stack.function();
    api.setAlias('live', '2', { 1: 0.5 });
    api.permissions.get('live')?.add('theirs');
    const { alias } = aliasOf(api);
    const others = aliasOf(stack.function('Worker'));
    const without = { keys: { Worker: 'worker' }, functions: ['Api', 'Worker'], code: 'code 3' };
    expect(await stack.deploy(without)).toBe('UPDATE_COMPLETE');
    // The statements of the stack's own callers have left with them.
    expect(aliasOf(api)).toEqual({ alias, permissions: ['theirs'] });
    expect(aliasOf(stack.function('Worker'))).toEqual(others);
    expect(await stack.deploy({ keys: BOTH, code: 'code 3' })).toBe('UPDATE_COMPLETE');
    expect(aliasOf(api).alias).toEqual(alias);
  });

  test('keeps its alias when no function is left in the workload', async () => {
    await stack.deploy();
    const api = stack.function();
    const { alias } = aliasOf(api);
    expect(await stack.deploy({ keys: {}, functions: ['Api'] })).toBe('UPDATE_COMPLETE');
    expect(aliasOf(api).alias).toEqual(alias);
  });
});

describe('a publish that fails', () => {
  test('for the first time is deleted, and does not block the next', async () => {
    failPublish();
    expect(await stack.deploy()).toBe('ROLLBACK_COMPLETE');
    expect(stack.failure).toContain('Code storage limit exceeded');
    expect(stack.requests).toEqual(['Create', 'Delete']);
    await stack.destroy();
    heal();
    expect(await stack.deploy()).toBe('CREATE_COMPLETE');
    expect(aliasOf(stack.function())).toMatchObject({ alias: { version: '1' }, permissions: OF_CALLERS });
  });

  test('later is rolled back and retried, and the alias stays as it is', async () => {
    await stack.deploy();
    const before = aliasOf(stack.function());
    failPublish();
    expect(await stack.deploy({ code: 'code 2' })).toBe('UPDATE_ROLLBACK_COMPLETE');
    heal();
    expect(await stack.deploy({ code: 'code 2' })).toBe('UPDATE_COMPLETE');
    expect(aliasOf(stack.function())).toEqual(before);
    expect(stack.requests).toEqual(['Create', 'Update', 'Update', 'Update']);
  });

  test('after it has created the alias of a function that stays leaves that alias', async () => {
    await stack.deploy({ keys: {}, functions: ['Api'] });
    const api = stack.function();
    expect(await stack.deploy({ fails: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
    const { alias } = aliasOf(api);
    expect(alias).toMatchObject({ version: '1' });
    expect(await stack.deploy({ code: 'code 2' })).toBe('UPDATE_COMPLETE');
    expect(aliasOf(api).alias).toEqual(alias);
  });
});

describe('a stack that is deleted', () => {
  test('deletes the alias with its function, without a call of Lambda', async () => {
    await stack.deploy();
    const api = stack.function();
    const before = stack.world.calls.length;
    expect(await stack.destroy()).toBe('DELETE_COMPLETE');
    expect(stack.requests).toEqual(['Create', 'Delete']);
    expect(stack.world.calls.slice(before)).toEqual([]);
    expect(stack.exists(api)).toBe(false);
  });

  test('leaves a function that is retained, and its alias', async () => {
    await stack.deploy({ retain: true });
    const api = stack.function();
    const { alias } = aliasOf(api);
    await stack.destroy();
    expect(stack.exists(api)).toBe(true);
    expect(aliasOf(api).alias).toEqual(alias);
  });
});

describe('events that come more than once', () => {
  test.each<[string, EnvironmentStack['deliver']]>([
    ['one after the other', async (provider, event) => [await provider(event), await provider(event)]],
    ['at the same time', (provider, event) => Promise.all([provider(event), provider(event)])],
  ])('%s change nothing', async (_, twice) => {
    stack.deliver = twice;
    await stack.deploy({ keys: {}, functions: ['Api'] });
    const api = stack.function();
    expect(await stack.deploy()).toBe('UPDATE_COMPLETE');
    const before = aliasOf(api);
    expect(await stack.deploy({ code: 'code 2' })).toBe('UPDATE_COMPLETE');
    expect(await stack.deploy({ keys: { Api: 'http' }, code: 'code 3' })).toBe('UPDATE_COMPLETE');
    expect(await stack.deploy({ code: 'code 4', fails: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(aliasOf(api)).toEqual(before);
    // The last version is code 3 once more, after the rollback.
    expect([...api.versions.keys()]).toEqual(['1', '2', '3', '4', '5']);
  });

  test('long after their time change nothing', async () => {
    await stack.deploy({ keys: {}, functions: ['Api'] });
    const api = stack.function();
    expect(await stack.deploy({ fails: true })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await stack.deploy({ code: 'code 2' })).toBe('UPDATE_COMPLETE');
    expect(await stack.deploy({ keys: { Api: 'http' }, code: 'code 3' })).toBe('UPDATE_COMPLETE');
    api.setAlias('live', '1', { 2: 0.08 });
    const before = aliasOf(api);
    for (const event of stack.sent) await stack.provider(event);
    expect(aliasOf(api)).toEqual(before);
  });
});

test('the provider has every permission that it needs, and changes aliases only by creating them', async () => {
  expect(await stack.deploy()).toBe('CREATE_COMPLETE');
  expect(await stack.deploy({ keys: { Api: 'http' }, code: 'code 2' })).toBe('UPDATE_COMPLETE');
  expect(await stack.deploy({ keys: { Http: 'http' }, code: 'code 3' })).toBe('UPDATE_COMPLETE');
  expect(await stack.destroy()).toBe('DELETE_COMPLETE');
  const { calls } = stack.world;
  expect(calls.filter(({ error }) => error?.startsWith('AccessDenied'))).toEqual([]);
  const changes = calls.map(({ operation }) => operation).filter((name) => /^(Create|Update|Delete)Alias$/.test(name));
  expect(changes).toEqual(['CreateAlias', 'CreateAlias']);
});
