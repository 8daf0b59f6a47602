import { bundleAll } from '../../bin/bundle';

/**
 * Makes the bundles from the present sources before any test runs: constructs read the handlers' bundles, and tests run
 * them and the command-line tool's.
 */
export default async function globalSetup(): Promise<void> {
  await bundleAll();
}
