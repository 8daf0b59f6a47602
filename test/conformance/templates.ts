import { templateFiles, templates } from './assembly';

/** Prints one line for each region of an assembly: the region, then the templates of its stacks. */
function main(directory: string): void {
  const byRegion = new Map<string, string[]>();
  const found = templates(directory);
  for (const { region, file } of found) {
    byRegion.set(region, [...(byRegion.get(region) ?? []), file]);
  }
  // A template that the manifests do not name, such as a nested stack's, would go unchecked.
  const known = new Set(found.map(({ file }) => file));
  const unknown = templateFiles(directory).filter((file) => !known.has(file));
  if (found.length === 0 || unknown.length > 0) {
    throw new Error(`${directory}: ${found.length} templates in the manifests; not in them: ${unknown.join(', ')}`);
  }
  for (const [region, files] of byRegion) {
    console.log([region, ...files].join(' '));
  }
}

main(process.argv[2]);
