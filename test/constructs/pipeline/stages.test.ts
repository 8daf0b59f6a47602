import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import { ProductionRollout } from '../../../constructs';
import { inRegion, pipelineProps, stagesOf, synthesize } from '../../helpers/fixture';

const NAMES = ['Source', 'Build', 'UpdatePipeline', 'Assets', 'Staging', 'Canary', 'Production'];

describe('the stages of a pipeline', () => {
  const { template } = synthesize();
  const stages = stagesOf(template);

  test('have the names that people use, in order', () => {
    expect(Object.keys(stages)).toEqual(NAMES);
  });

  test('have the same names with one production region', () => {
    const one = synthesize({ regions: [inRegion('us-east-1', 1)], production: ProductionRollout.allAtOnce() });
    expect(Object.keys(stagesOf(one.template))).toEqual(NAMES);
  });

  test('check the sources with separate actions before they are synthesized', () => {
    expect(stages.Build).toEqual([['IntegrationTests', 'Lint', 'UnitTests'], ['Synth']]);
  });

  test('run further checks beside the required ones', () => {
    const { checks } = pipelineProps();
    const more = synthesize({ checks: { ...checks, additional: { Licences: ['npm run licences'] } } });
    expect(stagesOf(more.template).Build[0]).toContain('Licences');
  });

  test('publish all assets with one action, which a new function does not change', () => {
    expect(stages.Assets).toEqual([['FileAssets']]);
  });

  test('shift staging after it has published', () => {
    expect(stages.Staging).toEqual([['shop-staging.Deploy'], ['Shift']]);
  });

  test('test staging after its shift', () => {
    const { checks } = pipelineProps();
    const tested = synthesize({ checks: { ...checks, stagingTests: ['npm run test:staging'] } });
    expect(stagesOf(tested.template).Staging.slice(-2)).toEqual([['Shift'], ['StagingTests']]);
  });

  test('run the gate first, then acquire production, before anything is published there', () => {
    expect(stages.Canary.slice(0, 2)).toEqual([['Gate'], ['LockProduction']]);
  });

  test('publish in all regions at once, and then run the canary', () => {
    const regions = ['us-east-1', 'eu-west-1', 'ap-southeast-2'];
    expect(stages.Canary.slice(2)).toEqual([regions.map((region) => `${region}.shop-production.Deploy`), ['Canary']]);
  });

  test('run the gate again, run the waves in order and then free production', () => {
    expect(stages.Production).toEqual([['Gate'], ['Wave1'], ['Wave2'], ['Wave3'], ['CompleteRelease']]);
  });

  test('need two actions per stack with change sets', () => {
    const { template } = synthesize({ useChangeSets: true });
    expect(stagesOf(template).Staging).toEqual([['shop-staging.Prepare'], ['shop-staging.Deploy'], ['Shift']]);
  });

  test('deploy in a way that a retry of the stage can repeat', () => {
    const actions = Object.values(synthesize().template.findResources('AWS::CodePipeline::Pipeline'))
      .flatMap(({ Properties }) => Properties.Stages)
      .flatMap(({ Actions }) => Actions)
      .filter(({ ActionTypeId }) => ActionTypeId.Provider === 'CloudFormation');
    expect(new Set(actions.map(({ Configuration }) => Configuration.ActionMode))).toEqual(new Set(['CREATE_UPDATE']));
  });

  test('leave out UpdatePipeline when the pipeline does not update itself', () => {
    expect(Object.keys(stagesOf(synthesize({ selfMutation: false }).template))).not.toContain('UpdatePipeline');
  });
});

describe('the type of a pipeline', () => {
  const typeOf = (overrides: Parameters<typeof synthesize>[0]) =>
    Object.values(synthesize(overrides).template.findResources('AWS::CodePipeline::Pipeline'))[0].Properties;

  test('is V1, which waits for free', () => {
    expect(typeOf({}).PipelineType).toBe('V1');
  });

  test('is V2, superseded, when the property says so', () => {
    expect(typeOf({ pipelineType: codepipeline.PipelineType.V2 })).toMatchObject({
      PipelineType: 'V2',
      ExecutionMode: 'SUPERSEDED',
    });
  });

  test('is V2 when pushes are filtered', () => {
    const { PipelineType, Triggers } = typeOf({
      pushFilters: [{ branchesIncludes: ['main'], filePathsIncludes: ['services/shop/**'] }],
    });
    expect(PipelineType).toBe('V2');
    expect(Triggers).toEqual([
      {
        ProviderType: 'CodeStarSourceConnection',
        GitConfiguration: {
          SourceActionName: 'acme_shop',
          Push: [{ Branches: { Includes: ['main'] }, FilePaths: { Includes: ['services/shop/**'] } }],
        },
      },
    ]);
  });
});
