import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import type { MicroserviceDeploymentPipelineProps } from './pipeline-props';

/** CodePipeline's limit of push filters in a trigger. */
const MAX_FILTERS = 3;

/** Returns V1, which waits for free, unless V2 was chosen or filters need it. */
export function pipelineTypeFor({
  pipelineType,
  pushFilters,
}: MicroserviceDeploymentPipelineProps): codepipeline.PipelineType {
  if (!pushFilters) {
    return pipelineType ?? codepipeline.PipelineType.V1;
  }
  if (pipelineType === codepipeline.PipelineType.V1) {
    throw new Error(
      'pipelineType is V1, but pushFilters need a pipeline of type V2: leave pipelineType out, or leave the filters out',
    );
  }
  return codepipeline.PipelineType.V2;
}

/** Lets only some pushes start a release. Throws if the source cannot be filtered, which only its action shows. */
export function addPushFilters(pipeline: codepipeline.Pipeline, filters?: codepipeline.GitPushFilter[]): void {
  if (!filters) {
    return;
  }
  const [sourceAction] = pipeline.stage('Source').actions;
  if (sourceAction.actionProperties.provider !== 'CodeStarSourceConnection') {
    throw new Error(
      `pushFilters need a source of CodePipelineSource.connection, but this one is of ${sourceAction.actionProperties.provider}: leave pushFilters out, or connect the repository`,
    );
  }
  pipeline.addTrigger({
    providerType: codepipeline.ProviderType.CODE_STAR_SOURCE_CONNECTION,
    gitConfiguration: { sourceAction, pushFilter: filters },
  });
}

/** Refuses filters that CodePipeline would refuse. */
export function checkFilters(filters: codepipeline.GitPushFilter[]): void {
  if (filters.length < 1 || filters.length > MAX_FILTERS) {
    throw new Error(
      `pushFilters has ${filters.length} filters, but CodePipeline takes 1 to ${MAX_FILTERS}: merge some, or leave pushFilters out`,
    );
  }
  filters.forEach((filter, i) => {
    const tags = filter.tagsIncludes ?? filter.tagsExcludes;
    const branches = filter.branchesIncludes ?? filter.branchesExcludes;
    const paths = filter.filePathsIncludes ?? filter.filePathsExcludes;
    if (tags && (branches || paths)) {
      throw new Error(
        `pushFilters[${i}] has tags and ${branches ? 'branches' : 'file paths'}, but CodePipeline filters by one of the two: make two filters of it`,
      );
    }
    if (paths && !branches) {
      throw new Error(
        `pushFilters[${i}] has file paths but no branches, which CodePipeline requires: add branchesIncludes: ['main']`,
      );
    }
  });
}
