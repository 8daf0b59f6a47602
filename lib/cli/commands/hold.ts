import type { Command } from 'commander';
import { EXIT } from '../../core/cli-error';
import { connect } from '../../rollback/by-hand/pipeline-side';
import { heldText } from '../../rollback/by-hand/report';
import { holdPipeline } from '../../rollback/hold-pipeline';
import { type CommonOptions, defaultName, locate, withCommonOptions } from './common';

interface Options extends CommonOptions {
  readonly because: string;
  readonly by: string;
}

export function holdCommand(program: Command, exit: (code: number) => void): void {
  withCommonOptions(program.command('hold'))
    .description('keeps every further release from acquiring production, until resume')
    .requiredOption('--because <text>', 'why; shown to everybody who waits')
    .option('--by <name>', 'your name', defaultName())
    .action(async (options: Options) => {
      const held = await holdPipeline(await connect(await locate(options)), options);
      console.log(options.json ? JSON.stringify(held, undefined, 2) : heldText(held, options.service));
      exit('error' in held ? EXIT.NOT_HELD : EXIT.OK);
    });
}
