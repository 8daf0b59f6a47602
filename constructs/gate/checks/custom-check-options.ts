import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { GateCheckOptions } from '../gate-check-options';

/** A check of the organization's or the team's own. */
export interface CustomCheckOptions extends GateCheckOptions {
  /**
   * The function that answers with a verdict, within 20 seconds; an alias or a version of it is asked as such. It is in the
   * pipeline's account and region. What it is asked and what it has to answer: docs/gates.md.
   */
  readonly handler: lambda.IFunction;

  /**
   * Passed through to the function; at most 20, of at most 200 characters.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };
}
