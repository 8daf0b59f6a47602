import type { Command } from 'commander';
import { EXIT } from '../../core/cli-error';
import { connect } from '../../rollback/by-hand/pipeline-side';
import { resumedText } from '../../rollback/by-hand/report';
import { resumePipeline } from '../../rollback/by-hand/resume-pipeline';
import { type CommonOptions, locate, withCommonOptions } from './common';

export function resumeCommand(program: Command, exit: (code: number) => void): void {
  withCommonOptions(program.command('resume'))
    .description('ends the hold that rollback or hold has set: releases go on')
    .action(async (options: CommonOptions) => {
      const resumed = await resumePipeline(await connect(await locate(options)));
      console.log(options.json ? JSON.stringify(resumed, undefined, 2) : resumedText(options.service, resumed));
      exit(EXIT.OK);
    });
}
