import { bundleHandlers } from '../../bin/bundle';

/** The constructs read the handlers' bundles: make them from the present sources before any test runs. */
export default async function globalSetup(): Promise<void> {
  await bundleHandlers();
}
