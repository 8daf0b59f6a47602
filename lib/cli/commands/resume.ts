import type { Command } from 'commander';
import { EXIT } from '../cli-error';
import { resumePipeline } from '../hold-pipeline';
import { connect } from '../pipeline-side';
import { resumedText } from '../report';
import { type CommonOptions, locate, withCommonOptions } from './common';

export function resumeCommand(program: Command, exit: (code: number) => void): void {
  withCommonOptions(program.command('resume'))
    .description('ends the hold of a roll back, or of hold: releases go on')
    .action(async (options: CommonOptions) => {
      const resumed = await resumePipeline(await connect(await locate(options)));
      console.log(options.json ? JSON.stringify(resumed, undefined, 2) : resumedText(options.service, resumed));
      exit(EXIT.OK);
    });
}
