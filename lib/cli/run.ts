import { Command, CommanderError } from 'commander';
import { CliError, EXIT } from '../core/cli-error';
import { errorText } from '../core/error-text';
import { backtestCommand } from './commands/backtest';
import { holdCommand } from './commands/hold';
import { resumeCommand } from './commands/resume';
import { rollbackCommand } from './commands/rollback';

/**
 * Runs one command.
 *
 * @param args of the command line, without the program
 * @returns the exit code
 */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = EXIT.OK;
  const exit = (with_: number) => {
    code = with_;
  };
  const program = new Command('microservice-deployment-pipeline')
    .description('Commands for people who watch the releases of a microservice')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => console.log(text.trimEnd()),
      writeErr: (text) => console.error(text.trimEnd()),
    });
  rollbackCommand(program, exit);
  holdCommand(program, exit);
  resumeCommand(program, exit);
  backtestCommand(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    console.error(error instanceof CliError ? error.message : errorText(error));
    return error instanceof CliError ? error.exitCode : EXIT.NOT_DONE;
  }
}
