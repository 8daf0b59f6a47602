import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Plugin } from 'esbuild';

/** An error class that a client of the SDK makes known, so that answers of this name become instances of it. */
const REGISTERED = /^n0_registry\.registerError\((\w+)\$, \1\);$/gm;

/** Classes that also tell the SDK that it may ask again; by their name alone it would not. */
const RETRYABLE = /class (\w+) [^}]*?\$retryable =/g;

/**
 * Leaves out of a bundle what clients of the SDK declare and no handler uses, and what no bundler can take out by itself:
 *
 * - error classes. A client makes all of them known when it is loaded, which keeps them and their schemas. An error that is
 *   not known is an instance of the service's base class, with the same name, message and metadata, and our sources ask for
 *   the name. Those that the sources name stay as they are.
 * - the `package.json` of each client, of which it reads the version.
 *
 * @param sources folder of the handlers' own sources
 */
export function lessOfTheSdk(sources: string): Plugin {
  const own = textOf(sources);
  return {
    name: 'less-of-the-sdk',
    setup: ({ onLoad }) => {
      onLoad({ filter: /@aws-sdk\/client-[a-z-]+\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path: file }) => ({
        contents: withoutErrors(file, own),
        loader: 'js',
      }));
      onLoad({ filter: /@aws-sdk\/client-[a-z-]+\/package\.json$/ }, ({ path: file }) => {
        const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
    },
  };
}

function withoutErrors(file: string, own: string): string {
  const models = readFileSync(path.join(path.dirname(file), '..', 'models', 'errors.js'), 'utf8');
  const retryable = new Set(Array.from(models.matchAll(RETRYABLE), ([, name]) => name));
  const isNeeded = (name: string) => retryable.has(name) || new RegExp(`\\b${name}\\b`).test(own);
  const schemas = readFileSync(file, 'utf8');
  let found = 0;
  const kept = schemas.replace(REGISTERED, (statement, name: string) => {
    found += 1;
    return isNeeded(name) ? statement : '';
  });
  if (found === 0) throw new Error(`${file} registers no error: the SDK is built in another way, look at it again`);
  return kept;
}

const textOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');
