import { bundleAll } from '../../bin/bundle';

/** The constructs read the handlers' bundles, and tests run them and the command-line tool's: make them from the present sources before any test runs. */
export default async function globalSetup(): Promise<void> {
  await bundleAll();
}
