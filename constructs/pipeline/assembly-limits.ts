import { readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';
import {
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyValidationStack,
  type PolicyViolation,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** CloudFormation's limit of a template's size, in bytes. */
export const TEMPLATE_BYTES = 1_000_000;

/** CodePipeline's limit of an artifact that CloudFormation actions read: here the assembly, templates and assets, zipped. */
export const ARTIFACT_BYTES = 256_000_000;

const ADDED = Symbol.for('microservice-deployment-pipeline.assembly-limits');

/** Checks at the end of synth how large the templates and the assembly have become. */
export function watchAssembly(scope: IConstruct): void {
  const root = scope.node.root as IConstruct & { [ADDED]?: boolean };
  if (!root[ADDED] && Stage.isStage(root)) {
    Object.defineProperty(root, ADDED, { value: true });
    Validations.of(root).addPlugins(new AssemblyLimits());
  }
}

class AssemblyLimits implements IPolicyValidationPlugin {
  readonly name = 'microservice-deployment-pipeline';

  validate({ stackTemplates, appConstruct }: IPolicyValidationContext): PolicyValidationPluginReport {
    const large = stackTemplates.flatMap(templateViolations);
    const bytes = Stage.isStage(appConstruct) ? sizeOf(appConstruct.outdir) : 0;
    const assembly = bytes > ARTIFACT_BYTES ? [assemblyViolation(bytes)] : [];
    // Only its zip counts: an assembly beyond the limit may still fit.
    return { success: large.length === 0, violations: [...large, ...assembly] };
  }
}

function templateViolations({ stackConstructPath, templatePath }: PolicyValidationStack): PolicyViolation[] {
  const bytes = statSync(templatePath).size;
  if (bytes <= TEMPLATE_BYTES) {
    return [];
  }
  return [
    {
      ruleName: 'template-size',
      description: `The template of stack ${stackConstructPath} has ${bytes} bytes, but CloudFormation takes at most ${TEMPLATE_BYTES}`,
      fix: 'Move resources of the microservice to a further stack: stack.addStack(id)',
      severity: 'error',
      violatingResources: [{ constructPath: stackConstructPath, templatePath, locations: [] }],
    },
  ];
}

const assemblyViolation = (bytes: number): PolicyViolation => ({
  ruleName: 'assembly-size',
  description: `The cloud assembly with its assets has ${bytes} bytes, but as an artifact for CloudFormation actions its zip may have at most ${ARTIFACT_BYTES}`,
  fix: 'Make assets smaller, for example by bundling functions, or use container images for large ones',
  severity: 'warning',
  violatingResources: [],
});

function sizeOf(directory: string): number {
  return readdirSync(directory, { withFileTypes: true }).reduce((sum, entry) => {
    const at = path.join(directory, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(at) : statSync(at).size);
  }, 0);
}
