import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Annotations, App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { messagesOf, resourcesOf, textOf } from './assembly';

describe('an assembly', () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'assembly-'));

  beforeAll(() => {
    const app = new App({ outdir });
    new CfnResource(new Stack(app, 'Top'), 'One', { type: 'Test::One' });
    const nested = new Stack(new Stage(app, 'Stage'), 'Nested');
    new CfnResource(nested, 'Two', { type: 'Test::Two' });
    Annotations.of(nested).addWarningV2('test:warning', 'look out');
    app.synth();
  });
  afterAll(() => rmSync(outdir, { recursive: true }));

  test('has the resources of nested assemblies, too', () => {
    expect(resourcesOf(outdir).map(({ Type }) => Type)).toEqual(['Test::One', 'Test::Two']);
  });

  test('has the warnings of nested assemblies, too', () => {
    expect(messagesOf(outdir)).toEqual([expect.stringMatching(/^aws:cdk:warning \/Stage\/Nested: look out/)]);
  });
});

test('a text with tokens shows its known parts', () => {
  expect(textOf({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':states']] })).toBe('arn:<…>:states');
});
