/** Exit codes of the commands. */
export const EXIT = {
  OK: 0,
  /** Something was not done; the output names it. */
  NOT_DONE: 1,
  /** The command line is wrong. */
  USAGE: 2,
  /** Every target is on stable, but the pipeline could not be held, or the ledger could not be updated. */
  NOT_HELD: 3,
} as const;

/** Error that ends a command, with a message for the person who started it. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: number = EXIT.NOT_DONE,
  ) {
    super(message);
  }
}
