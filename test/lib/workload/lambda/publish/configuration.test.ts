import { type Configuration, sameRevision } from '../../../../../lib/workload/lambda/publish/configuration';

/** As Lambda describes `$LATEST`. */
const LATEST = {
  FunctionName: 'orders',
  FunctionArn: 'arn:orders',
  Version: '$LATEST',
  CodeSha256: 'abc',
  CodeSize: 10,
  RevisionId: 'r1',
  LastModified: 'now',
  State: 'Active',
  LastUpdateStatus: 'Successful',
  Role: 'arn:role',
  Runtime: 'nodejs24.x',
  Timeout: 3,
  Environment: { Variables: { A: '1', State: 'on' } },
  VpcConfig: { SubnetIds: ['a', 'b'], SecurityGroupIds: ['x'], VpcId: 'v' },
  SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off' },
  Layers: [{ Arn: 'one' }, { Arn: 'two' }],
};

/** As Lambda describes the version that was published of it. */
const PUBLISHED = {
  ...LATEST,
  FunctionArn: 'arn:orders:7',
  Version: '7',
  RevisionId: 'r2',
  LastModified: 'then',
  ConfigSha256: 'other',
  SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: 'On' },
};

const same = (change: { readonly [field: string]: unknown }): boolean =>
  sameRevision({ ...LATEST, ...change } as Configuration, PUBLISHED as Configuration);

test('a function and the version published of it are the same revision', () => {
  expect(same({})).toBe(true);
});

test.each<{ readonly [field: string]: unknown }>([
  { CodeSha256: 'def' },
  { Timeout: 4 },
  { Role: 'arn:other' },
  { Environment: { Variables: { A: '2', State: 'on' } } },
  { Environment: { Variables: { A: '1', State: 'off' } } },
  { Environment: { Variables: { A: '1', State: 'on', B: '' } } },
  { Environment: undefined },
  { SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' } },
  { Layers: [{ Arn: 'two' }, { Arn: 'one' }] },
  { DeadLetterConfig: { TargetArn: 'arn:queue' } },
  { Description: 'new' },
  { InventedLater: true },
])('%j makes another revision', (change) => {
  expect(same(change)).toBe(false);
});

test.each<{ readonly [field: string]: unknown }>([
  { VpcConfig: { SubnetIds: ['b', 'a'], SecurityGroupIds: ['x'], VpcId: 'v' } },
  { Description: '' },
  { DeadLetterConfig: undefined },
  { FileSystemConfigs: [] },
  { StateReason: 'idle', LastUpdateStatusReason: 'x' },
])('%j makes no other revision', (change) => {
  expect(same(change)).toBe(true);
});

test('an unreadable configuration counts as different', () => {
  const hidden = { Environment: { Error: { ErrorCode: 'AccessDeniedException' } } };
  expect(sameRevision({ ...LATEST, ...hidden } as Configuration, { ...PUBLISHED, ...hidden } as Configuration)).toBe(
    false,
  );
  expect(sameRevision({}, {})).toBe(false);
});
