import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Synthesized } from './fixture';

/** A CodeBuild project of a pipeline, as synthesized. */
export interface Build {
  readonly environment: { readonly Image: string; readonly ComputeType: string; readonly PrivilegedMode: boolean };
  readonly phases: {
    readonly [phase: string]: { readonly commands?: readonly string[]; readonly [key: string]: unknown };
  };
}

/** Returns the builds of a pipeline by the end of their logical id, such as `Lint` or `FileAsset`. */
export function buildsOf({ app, template }: Synthesized): { readonly [name: string]: Build } {
  const projects = Object.entries(template.findResources('AWS::CodeBuild::Project'));
  return Object.fromEntries(
    projects.map(([id, { Properties }]) => [
      /(Lint|UnitTests|IntegrationTests|CdkBuildProject|SelfMutation|FileAsset|StagingTests)[0-9A-F]{8}$/.exec(
        id,
      )?.[1] ?? id,
      { environment: Properties.Environment, phases: phasesOf(Properties.Source.BuildSpec, app.outdir) },
    ]),
  );
}

/** Reads a build specification: the asset publisher's is a file of the assembly, the others stand in the template. */
function phasesOf(buildSpec: string, assembly: string): Build['phases'] {
  const text = buildSpec.endsWith('.yaml') ? readFileSync(path.join(assembly, buildSpec), 'utf8') : buildSpec;
  return JSON.parse(text).phases;
}
