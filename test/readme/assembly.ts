import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

export interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [name: string]: unknown };
}

/** Returns all resources of all templates of a cloud assembly, those of nested assemblies included. */
export function resourcesOf(assembly: string): Resource[] {
  return filesOf(assembly, '.template.json').flatMap((template) =>
    Object.values((template as { Resources?: { [id: string]: Resource } }).Resources ?? {}),
  );
}

type Metadata = { [at: string]: { type: string; data?: unknown }[] };

/**
 * Returns the messages of a cloud assembly to its user: warnings, errors, notes. They are in files of their own, one
 * per stack.
 */
export function messagesOf(assembly: string): string[] {
  return filesOf(assembly, '.metadata.json')
    .flatMap((metadata) => Object.entries(metadata as Metadata))
    .flatMap(([at, entries]) => entries.map(({ type, data }) => ({ at, type, data })))
    .filter(({ type }) => ['aws:cdk:warning', 'aws:cdk:error', 'aws:cdk:info'].includes(type))
    .map(({ at, type, data }) => `${type} ${at}: ${data}`);
}

function filesOf(assembly: string, ending: string): unknown[] {
  return readdirSync(assembly, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => JSON.parse(readFileSync(path.join(assembly, file), 'utf8')));
}

/** A string of a template, with `<…>` for what only a deployment knows. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const join = (value as { 'Fn::Join'?: [string, unknown[]] })?.['Fn::Join'];
  return join ? join[1].map(textOf).join(join[0]) : '<…>';
}
