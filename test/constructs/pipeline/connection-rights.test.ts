import { Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CodePipelineSource } from 'aws-cdk-lib/pipelines';
import { PIPELINE_ENV, synthesize, testApp } from '../../helpers/fixture';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function connectionStatements(overrides: Parameters<typeof synthesize>[0], app = testApp()): readonly Statement[] {
  return Object.values(synthesize(overrides, app).template.findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }): Statement[] => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => /connections:/.test(String(Action)));
}

test.each([
  'arn:aws:codestar-connections:eu-west-1:111111111111:connection/c0ffee',
  'arn:aws:codeconnections:eu-west-1:111111111111:connection/c0ffee',
])('a source may use %s under both names of the service', (connectionArn) => {
  expect(
    connectionStatements({ source: CodePipelineSource.connection('acme/shop', 'main', { connectionArn }) }),
  ).toEqual([
    expect.objectContaining({ Action: 'codestar-connections:UseConnection', Resource: connectionArn }),
    expect.objectContaining({ Action: 'codeconnections:UseConnection', Resource: connectionArn }),
  ]);
});

test('a source without a connection gets no such right', () => {
  const app = testApp();
  const bucket = s3.Bucket.fromBucketName(new Stack(app, 'B', { env: PIPELINE_ENV }), 'Bucket', 'sources');
  const source = CodePipelineSource.s3(bucket, 'sources.zip');
  expect(connectionStatements({ source, sourceRevision: 'VersionId' }, app)).toEqual([]);
});
