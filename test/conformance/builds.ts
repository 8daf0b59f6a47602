import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { type StackTemplate, templates } from './assembly';

/** Commands of one CodeBuild project, phase after phase, and its image. */
export interface Build {
  readonly id: string;
  readonly image: string;
  readonly commands: readonly string[];
}

interface ProjectProperties {
  readonly Environment: { readonly Image: string };
  readonly Source: { readonly BuildSpec: string };
}

const PHASES = ['install', 'pre_build', 'build', 'post_build'];

/** Lists the builds of all pipelines of an assembly. */
export const builds = (directory: string): Build[] => templates(directory).flatMap(buildsOf);

/** Lists the builds of one template. */
export function buildsOf({ file, resources }: StackTemplate): Build[] {
  return Object.entries(resources)
    .filter(([, { Type }]) => Type === 'AWS::CodeBuild::Project')
    .map(([id, { Properties }]) => {
      const { Environment, Source } = Properties as unknown as ProjectProperties;
      return { id, image: Environment.Image, commands: commandsOf(Source.BuildSpec, path.dirname(file)) };
    });
}

/** Reads a build specification: text in the template, or a file of the assembly. */
function commandsOf(buildSpec: string, directory: string): string[] {
  const text = buildSpec.endsWith('.yaml') ? readFileSync(path.join(directory, buildSpec), 'utf8') : buildSpec;
  const { phases } = JSON.parse(text);
  return PHASES.flatMap((phase) => phases[phase]?.commands ?? []);
}
