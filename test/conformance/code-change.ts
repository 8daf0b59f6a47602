import * as path from 'node:path';
import { type StackTemplate, templates } from './assembly';

/** Checks that a change of the service's code changes what is deployed, and nothing of the pipeline that deploys it. */
function main(before: string, after: string): void {
  const [old, now] = [before, after].map(byPath);
  const changed = [...new Set([...old.keys(), ...now.keys()])]
    .filter((file) => old.get(file)?.text !== now.get(file)?.text)
    .sort();
  const nested = changed.filter((file) => old.get(file)?.nested);
  const pipeline = changed.filter((file) => !old.get(file)?.nested);
  if (pipeline.length > 0) {
    throw new Error(`A change of code alone changes templates of the pipeline: ${pipeline.join(', ')}`);
  }
  if (nested.length === 0) {
    throw new Error('The change of code changed nothing at all, so that this check proves nothing');
  }
  console.log(`Changed: ${nested.length} templates of environments, none of the pipeline.`);
}

function byPath(directory: string): Map<string, StackTemplate> {
  return new Map(templates(directory).map((template) => [path.relative(directory, template.file), template]));
}

main(process.argv[2], process.argv[3]);
