import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { allowedMinutes, MONTH_MINUTES } from '../../lib/budget/objective';
import { COMMAND_LINE } from '../helpers/command-line';

const ROOT = path.join(__dirname, '..', '..');
const GUIDE = readFileSync(path.join(ROOT, 'docs', 'error-budgets.md'), 'utf8');

/** Returns the output of a shell in which `npx microservice-deployment-pipeline` is the command as it is published. */
function shell(command: string): string {
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['-c', command.replace('npx microservice-deployment-pipeline', '"$NODE" "$TOOL"')],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NODE: process.execPath, TOOL: COMMAND_LINE },
    },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const consoles = [...GUIDE.matchAll(/^```console\n\$ ([^\n]*)\n(.*?)^```$/gms)].map(
  ([, command, prints]) => [command, prints] as const,
);

describe('the guide to error budgets', () => {
  test('shows commands and their output', () => {
    expect(consoles.length).toBeGreaterThanOrEqual(5);
  });

  test.each(consoles)('%s prints what it shows', (command, prints) => {
    expect(shell(command)).toBe(prints);
  });

  test('shows its example file unchanged', () => {
    const [, file, shown] = /^<!-- shows: (\S+) -->\n```csv\n(.*?)^```$/ms.exec(GUIDE) ?? [];
    expect(shown).toBe(readFileSync(path.join(ROOT, file), 'utf8'));
  });

  test.each(
    [...GUIDE.matchAll(/^\| ([\d.]+) % \| ([\d.]+) min \| ([\d.]+) min \|$/gm)].map((row) =>
      row.slice(1, 4).map(Number),
    ),
  )('%d %% allow %d min a month and %d min in 28 days', (objective, inMonth, inWindow) => {
    expect(allowedMinutes(objective, MONTH_MINUTES)).toBeCloseTo(inMonth, 9);
    expect(allowedMinutes(objective, 28 * 1_440)).toBeCloseTo(inWindow, 9);
  });
});
