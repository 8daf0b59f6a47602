/** What a command ends with. */
export const EXIT = {
  OK: 0,
  /** Something is not as it was asked for; it is named. */
  NOT_DONE: 1,
  /** The command line is wrong. */
  USAGE: 2,
  /** All is on stable, but the pipeline could not be held, or the ledger not told. */
  NOT_HELD: 3,
} as const;

/** Ends a command, with words for the person who gave it. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: number = EXIT.NOT_DONE,
  ) {
    super(message);
  }
}
