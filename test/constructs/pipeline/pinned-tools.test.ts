import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { pinnedTools } from '../../../constructs/pipeline/pinned-tools';
import { buildsOf } from '../../helpers/builds';
import { synthesize } from '../../helpers/fixture';

const AS_54 = `find . -name '*.assets.json' -exec sed -i '2s/"version": "55\\.0\\.0"/"version": "54.0.0"/' {} +`;

const installs = (overrides: Parameters<typeof synthesize>[0] = {}) => {
  const { SelfMutation, FileAsset } = buildsOf(synthesize(overrides));
  return [SelfMutation?.phases.install.commands, FileAsset.phases.install.commands];
};

describe('the tools that the builds install', () => {
  test('have exact versions', () => {
    expect(installs()).toEqual([['npm install -g aws-cdk@2.1148.1'], ['npm install -g cdk-assets@4.7.3']]);
  });

  test('have the versions that the properties name', () => {
    expect(installs({ cliVersion: '2.1147.0', cdkAssetsCliVersion: '4.8.0-rc.1' })).toEqual([
      ['npm install -g aws-cdk@2.1147.0'],
      ['npm install -g cdk-assets@4.8.0-rc.1'],
    ]);
  });

  test('are not fetched by synth when the project lacks them', () => {
    const { CdkBuildProject } = buildsOf(synthesize());
    expect(CdkBuildProject.phases.build.commands).toEqual(['npm ci', 'npx --no-install cdk synth']);
  });
});

describe('the publisher of assets', () => {
  test('is given the asset manifests of schema 55 as those of 54, which they are', () => {
    const { FileAsset } = buildsOf(synthesize());
    expect(FileAsset.phases.pre_build.commands).toEqual([AS_54]);
  });

  test('runs the commands of codeBuildDefaults before its own', () => {
    const partialBuildSpec = codebuild.BuildSpec.fromObject({
      version: '0.2',
      phases: { install: { commands: ['login'] }, pre_build: { commands: ['prepare'] } },
    });
    const { install, pre_build } = buildsOf(synthesize({ codeBuildDefaults: { partialBuildSpec } })).FileAsset.phases;
    expect(install.commands).toEqual(['login', 'npm install -g cdk-assets@4.7.3']);
    expect(pre_build.commands).toEqual(['prepare', AS_54]);
  });
});

describe('a schema beyond those that the pinned tools read', () => {
  test.each([
    [{}, 'cliVersion and cdkAssetsCliVersion must be set', 'aws-cdk@2.1148.1 and cdk-assets@4.7.3'],
    [{ cliVersion: '2.1200.0' }, 'cdkAssetsCliVersion must be set', 'cdk-assets@4.7.3'],
    [{ cdkAssetsCliVersion: '5.0.0' }, 'cliVersion must be set', 'aws-cdk@2.1148.1'],
    [
      { cliVersion: null as unknown as undefined, cdkAssetsCliVersion: '5.0.0' },
      'cliVersion must be set',
      'aws-cdk@2.1148.1',
    ],
    [{ selfMutation: false }, 'cdkAssetsCliVersion must be set', 'cdk-assets@4.7.3'],
  ])('is refused at synth: %j', (props, properties, tools) => {
    expect(() => pinnedTools(props, 56)).toThrow(
      `${properties}: aws-cdk-lib writes assemblies of schema 56, but 55 is the newest for ${tools}. Name versions that read 56`,
    );
  });

  test('is accepted with versions that the user names', () => {
    const versions = { cliVersion: '2.1200.0', cdkAssetsCliVersion: '5.0.0' };
    expect(pinnedTools(versions, 56)).toEqual(versions);
  });

  test('is not the one that the installed aws-cdk-lib writes', () => {
    expect(pinnedTools({})).toMatchObject({ cliVersion: '2.1148.1', cdkAssetsCliVersion: '4.7.3' });
  });
});
