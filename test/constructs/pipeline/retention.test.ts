import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import { pipelineProps, synthesize } from '../../helpers/fixture';

type Overrides = Parameters<typeof synthesize>[0];

/** Every bucket of the app, by its stack: the pipeline's own, and one for each other region. */
function bucketsOf(overrides: Overrides) {
  const { app } = synthesize(overrides);
  return app.node
    .findAll()
    .filter((node): node is Stack => Stack.isStack(node))
    .flatMap((stack) => Object.values(Template.fromStack(stack).findResources('AWS::S3::Bucket')))
    .map(({ Properties }) => Properties.LifecycleConfiguration?.Rules);
}

const expiringAfter = (days: number) => [
  { ExpirationInDays: days, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' },
];

describe('artifacts', () => {
  test('expire after 90 days, in every region', () => {
    expect(bucketsOf({})).toEqual(Array(4).fill(expiringAfter(90)));
  });

  test('expire when artifactRetention says so', () => {
    expect(bucketsOf({ artifactRetention: Duration.days(30) })).toEqual(Array(4).fill(expiringAfter(30)));
  });
});

describe('the log group of the builds', () => {
  const groupsOf = (overrides: Overrides) =>
    Object.entries(synthesize(overrides).template.findResources('AWS::Logs::LogGroup')).filter(([id]) =>
      id.includes('BuildLogs'),
    );

  test('keeps logs for three months, and every build uses it', () => {
    const { template } = synthesize();
    const [[id, { Properties }]] = groupsOf({});
    expect(Properties.RetentionInDays).toBe(90);
    const projects = Object.values(template.findResources('AWS::CodeBuild::Project'));
    expect(projects.length).toBeGreaterThan(4);
    for (const project of projects) {
      expect(project.Properties.LogsConfig.CloudWatchLogs).toEqual({ GroupName: { Ref: id }, Status: 'ENABLED' });
    }
  });

  test('keeps logs as long as buildLogRetention says', () => {
    const [[, { Properties }]] = groupsOf({ buildLogRetention: logs.RetentionDays.ONE_YEAR });
    expect(Properties.RetentionInDays).toBe(365);
  });

  test('is left out when codeBuildDefaults have their own logging', () => {
    expect(groupsOf({ codeBuildDefaults: { logging: { cloudWatch: { enabled: false } } } })).toEqual([]);
  });
});

test.each<[string, Overrides, string]>([
  [
    'artifacts for a day',
    { artifactRetention: Duration.days(29) },
    'artifactRetention is 29 days, but must be whole days, at least 30',
  ],
  ['artifacts for hours', { artifactRetention: Duration.hours(30 * 24 + 1) }, 'but must be whole days, at least 30'],
  [
    'a number of days',
    { artifactRetention: 90 as unknown as Duration },
    'artifactRetention is 90, but must be a Duration',
  ],
  [
    'logs for 2 days',
    { buildLogRetention: 2 as logs.RetentionDays },
    'buildLogRetention is 2, but must be a value of RetentionDays',
  ],
])('the pipeline refuses to keep %s', (_what, overrides, message) => {
  expect(() => synthesize({ ...pipelineProps(), ...overrides })).toThrow(message);
});
