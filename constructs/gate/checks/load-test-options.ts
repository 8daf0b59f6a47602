import type { GateCheckOptions } from '../gate-check-options';

/** What counts as the load test of a candidate. */
export interface LoadTestOptions extends GateCheckOptions {
  /**
   * What the load test has to be set up with, in the words in which it reports it: `200 rps, 30 min`, or a hash of its files.
   * At most 200 characters. What was run with another configuration does not count: a load test that was made harder is to be
   * passed anew.
   *
   * @default - whatever it was run with
   */
  readonly configuration?: string;
}
