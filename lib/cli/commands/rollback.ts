import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CliError, EXIT } from '../../core/cli-error';
import { rollbackText } from '../../rollback/by-hand/report';
import { rollback } from '../../rollback/by-hand/rollback';
import { isRevisionName, workloads } from '../../workload/kinds/workloads';
import { type CommonOptions, defaultName, locate, withCommonOptions } from './common';

interface Options extends CommonOptions {
  readonly execution?: string;
  readonly because: string;
  readonly by: string;
  readonly toRevision: ReadonlyMap<string, string>;
  readonly waitMinutes: number;
  readonly yes?: boolean;
}

export function rollbackCommand(program: Command, exit: (code: number) => void): void {
  withCommonOptions(program.command('rollback'))
    .description(
      'returns every production target in every region to its stable revision, and holds the pipeline. Needs only the regions themselves',
    )
    .option('--execution <id>', 'the release, by its execution of the pipeline (default: the last one)')
    .option('--because <text>', 'why; shown to everybody who waits', 'a rollback was requested')
    .option('--by <name>', 'your name', defaultName())
    .addOption(
      new Option(
        '--to-revision <[region/]target=revision>',
        'the revision to return to, where it is not recorded; may be repeated',
      )
        .argParser(toRevision)
        .default(new Map<string, string>(), 'from the ledger, or the region’s own parameter'),
    )
    .option('--wait-minutes <n>', 'how long to keep trying while a target is not on stable', minutes, 15)
    .option('--yes', 'skip the confirmation')
    .action(async (options: Options) => {
      const found = await locate(options);
      const regions = found.topology.production.map(({ region }) => region).join(', ');
      if (!options.yes) await confirm(`Roll back ${options.service} in ${regions}, and hold its pipeline?`);
      const report = await rollback(found, {
        ...options,
        workloads,
        override: (region, key) => options.toRevision.get(`${region}/${key}`) ?? options.toRevision.get(key),
        print: (line) => console.error(line),
      });
      console.log(options.json ? JSON.stringify(report, undefined, 2) : rollbackText(report));
      exit(report.exitCode);
    });
}

function toRevision(value: string, all: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, place, revision] = /^((?:[a-z0-9-]+\/)?[A-Za-z0-9]+)=(\S+)$/.exec(value) ?? [];
  if (!place || !isRevisionName(revision)) throw new InvalidArgumentError('must be like http=4 or eu-west-1/http=4');
  return new Map([...all, [place, revision]]);
}

function minutes(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 600) {
    throw new InvalidArgumentError('must be a whole number of minutes, 1 to 600');
  }
  return number;
}

async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new CliError('Cannot confirm without a terminal: give --yes', EXIT.USAGE);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('Nothing was touched.');
}
