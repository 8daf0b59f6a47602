import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

export interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
}

/** Template of an assembly, or of one nested in it. */
export interface StackTemplate {
  readonly file: string;
  /** Account and region of the stack, known at synth. */
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  /** Whether the stack belongs to a CDK stage, which is an environment of a microservice. */
  readonly nested: boolean;
  readonly text: string;
  readonly resources: { readonly [logicalId: string]: Resource };
}

interface Manifest {
  readonly artifacts: {
    readonly [id: string]: {
      readonly type: string;
      readonly environment?: string;
      readonly properties?: {
        readonly templateFile?: string;
        readonly directoryName?: string;
        readonly stackName?: string;
      };
    };
  };
}

/** Reads the templates of a cloud assembly and of those nested in it. */
export function templates(directory: string, nested = false): StackTemplate[] {
  const manifest: Manifest = JSON.parse(readFileSync(path.join(directory, 'manifest.json'), 'utf8'));
  return Object.entries(manifest.artifacts).flatMap(([id, { type, environment, properties = {} }]) => {
    if (type === 'cdk:cloud-assembly' && properties.directoryName) {
      return templates(path.join(directory, properties.directoryName), true);
    }
    if (type !== 'aws:cloudformation:stack' || !properties.templateFile) {
      return [];
    }
    const file = path.join(directory, properties.templateFile);
    const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment ?? '') ?? [];
    if (!region) {
      throw new Error(`${file}: the environment is '${environment}', but account and region must be known at synth`);
    }
    const text = readFileSync(file, 'utf8');
    const resources = JSON.parse(text).Resources ?? {};
    return [{ file, region, account, stackName: properties.stackName ?? id, nested, text, resources }];
  });
}

/** Lists the template files on disk, in the assembly's manifest or not. */
export function templateFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => path.join(directory, file));
}
