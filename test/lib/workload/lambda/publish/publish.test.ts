import { prune, publish } from '../../../../../lib/workload/lambda/publish/publish';
import { FakeLambda, timing } from './fake-lambda';

const PROPERTIES = { functionName: 'orders', aliasName: 'live' };

let lambda: FakeLambda;
beforeEach(() => {
  lambda = new FakeLambda();
});

/** Creates a function with version 1, which the alias serves. */
function withLive(): void {
  lambda.published.set('1', { ...lambda.latest, Version: '1' });
  lambda.named.set('live', { arn: 'arn:live', version: '1', weighted: [] });
}

/** Runs something right before the first call of an operation. */
function once(operation: string, happens: () => void): void {
  let done = false;
  lambda.before = (called) => {
    if (called === operation && !done) {
      done = true;
      happens();
    }
  };
}

test('the first publish creates the alias on it', async () => {
  expect(await publish(lambda, PROPERTIES, timing())).toEqual({ ...PROPERTIES, aliasArn: 'arn:live', candidate: '1' });
  expect(lambda.named.get('live')?.version).toBe('1');
});

test('changed code is published and the alias stays', async () => {
  withLive();
  lambda.latest = { ...lambda.latest, CodeSha256: 'code-2' };
  expect(await publish(lambda, PROPERTIES, timing())).toMatchObject({ candidate: '2' });
  expect(lambda.named.get('live')?.version).toBe('1');
});

test('an unchanged function has the live version as its candidate, and nothing is published', async () => {
  withLive();
  expect(await publish(lambda, PROPERTIES, timing())).toMatchObject({ candidate: '1' });
  expect(lambda.calls).not.toContain('publish');
});

test('the live version is the main one of the alias, also during a canary', async () => {
  withLive();
  lambda.named.set('live', { arn: 'arn:live', version: '1', weighted: ['2'] });
  expect(await publish(lambda, PROPERTIES, timing())).toMatchObject({ candidate: '1' });
});

test('a function that changes between reading and publishing is read again', async () => {
  once('publish', () => {
    lambda.latest = { ...lambda.latest, CodeSha256: 'code-2', RevisionId: 'r2' };
  });
  expect(await publish(lambda, PROPERTIES, timing())).toMatchObject({ candidate: '1' });
  expect(lambda.published.get('1')?.CodeSha256).toBe('code-2');
});

test('a change in between may lead back to the live version', async () => {
  withLive();
  const live = lambda.latest;
  lambda.latest = { ...live, CodeSha256: 'code-2', RevisionId: 'r2' };
  once('publish', () => {
    lambda.latest = { ...live, RevisionId: 'r3' };
  });
  expect(await publish(lambda, PROPERTIES, timing())).toMatchObject({ candidate: '1' });
});

test('an alias that somebody creates at the same moment is adopted', async () => {
  once('createAlias', () => lambda.named.set('live', { arn: 'arn:theirs', version: '1', weighted: [] }));
  expect(await publish(lambda, PROPERTIES, timing())).toMatchObject({ aliasArn: 'arn:theirs', candidate: '1' });
});

test('an alias that comes and goes is an error', async () => {
  lambda.createAlias = async () => undefined;
  await expect(publish(lambda, PROPERTIES, timing())).rejects.toThrow(
    'The alias live of orders was there and is gone: somebody else is deleting it',
  );
});

test('an alias on $LATEST is an error with its cure', async () => {
  lambda.named.set('live', { arn: 'arn:live', version: '$LATEST', weighted: [] });
  await expect(publish(lambda, PROPERTIES, timing())).rejects.toThrow(
    'aws lambda update-alias --function-name orders --name live --function-version <version>',
  );
});

test('waits until the function is updated', async () => {
  const settled = lambda.latest;
  lambda.latest = { ...settled, LastUpdateStatus: 'InProgress' };
  const time = timing();
  lambda.before = () => {
    if (time.now() >= 5_000) {
      lambda.latest = settled;
    }
  };
  expect(await publish(lambda, PROPERTIES, time)).toMatchObject({ candidate: '1' });
  expect(time.now()).toBe(5_000);
});

test('waits until the version is active, as with SnapStart, before the alias serves it', async () => {
  const time = timing();
  const publishVersion = lambda.publish.bind(lambda);
  lambda.publish = async (...given) => {
    const version = await publishVersion(...given);
    lambda.published.set('1', { ...lambda.latest, State: 'Pending' });
    return version;
  };
  lambda.before = () => {
    if (time.now() >= 90_000) {
      lambda.published.set('1', lambda.latest);
    }
  };
  await publish(lambda, PROPERTIES, time);
  expect(time.now()).toBe(90_000);
  expect(lambda.calls.indexOf('createAlias')).toBe(lambda.calls.length - 1);
});

test('a version that does not become active is an error, and the alias is not created', async () => {
  const publishVersion = lambda.publish.bind(lambda);
  lambda.publish = async (...given) => {
    const version = await publishVersion(...given);
    lambda.published.set('1', { State: 'Failed', StateReason: 'The handler threw while it was initialized' });
    return version;
  };
  await expect(publish(lambda, PROPERTIES, timing())).rejects.toThrow(
    'Version 1 of orders cannot be published: State is Failed: The handler threw while it was initialized',
  );
  expect(lambda.named.size).toBe(0);
});

test('gives up in time, and names the state that it waited for', async () => {
  lambda.latest = { ...lambda.latest, State: 'Pending', StateReason: 'Creating' };
  const time = timing(60_000);
  await expect(publish(lambda, PROPERTIES, time)).rejects.toThrow(
    'orders did not get ready in time: State is Pending: Creating',
  );
  expect(time.now()).toBeLessThanOrEqual(60_000);
});

test('gives up on a function that never stops changing', async () => {
  lambda.before = (operation) => {
    if (operation === 'publish') {
      lambda.latest = { ...lambda.latest, RevisionId: `${lambda.latest.RevisionId}+` };
    }
  };
  await expect(publish(lambda, PROPERTIES, timing(30_000))).rejects.toThrow(
    'orders kept changing while it was to be published',
  );
});

test('pruning stops when time is up', async () => {
  for (let version = 1; version <= 30; version++) {
    lambda.published.set(String(version), lambda.latest);
  }
  const time = timing(5_000);
  lambda.before = (operation) => {
    if (operation.startsWith('deleteVersion')) {
      time.sleep(2_000).catch(() => undefined);
    }
  };
  const published = { ...PROPERTIES, aliasArn: 'arn:live', candidate: '30' };
  expect(await prune(lambda, published, time)).toEqual(['1', '2', '3']);
});
