import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { slow } from '../helpers/sample';
import { messagesOf, resourcesOf } from './assembly';
import { type Block, markedBlocks } from './blocks';
import { costTable, monthlyCost } from './cost';
import { Project } from './project';

const ROOT = path.join(__dirname, '..', '..');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

/** Releases a month, in the README's computation of cost. */
const RELEASES = 10;

// Every program synthesizes in a process of its own, of TypeScript sources.
jest.setTimeout(180_000);

test.each(['README.md', 'docs/operating.md'])('every link of %s leads somewhere', (document) => {
  const text = readFileSync(path.join(ROOT, document), 'utf8');
  const anchors = new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => `#${slug(heading)}`));
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
  const broken = links.filter((link) =>
    link.startsWith('#')
      ? !anchors.has(link)
      : !link.includes('://') && !existsSync(path.join(ROOT, path.dirname(document), link.split('#')[0])),
  );

  expect(broken).toEqual([]);
});

/** Returns the anchor that GitHub gives a heading. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

describe('README', () => {
  const blocks = markedBlocks(README);
  const block = (file: string): Block => {
    const found = blocks.find((candidate) => candidate.file === file);
    if (!found) {
      throw new Error(`The README has no block that is marked <!-- runs: ${file} -->`);
    }
    return found;
  };
  const project = new Project();
  const assembly = path.join(project.directory, 'cdk.out');

  beforeAll(() => {
    for (const { file, text } of blocks) {
      project.write(file, text);
    }
  });
  afterAll(() => project.remove());

  test('its code has no type errors, and wrong code would have one', () => {
    const typeScript = blocks.map(({ file }) => file).filter((file) => file.endsWith('.ts'));
    const wrong = block('lib/greeter.ts').text.replace('trafficShare: 70', "trafficShare: '70'");
    project.write('wrong.ts', wrong);

    expect(typeScript.length).toBeGreaterThan(3);
    expect(project.typeErrors([...typeScript, 'wrong.ts'])).toEqual([
      expect.stringMatching(/^wrong\.ts.*Type 'string' is not assignable to type 'number'/),
    ]);
  });

  test('its smallest example synthesizes, without any message', () => {
    const { status, stderr } = project.synth('bin/app.ts', assembly);

    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(messagesOf(assembly)).toEqual([]);
  });

  slow('its alarms of a service watch every rollout', () => {
    const watched = block('lib/greeter.ts')
      .text.replace('new Greeter()', 'new WatchedGreeter()')
      .concat("import { WatchedGreeter } from './watched-greeter';\n");
    project.write('lib/watched-pipeline.ts', watched);
    project.write('bin/watched.ts', block('bin/app.ts').text.replace('../lib/greeter', '../lib/watched-pipeline'));
    const outdir = path.join(project.directory, 'cdk.out.watched');

    expect(project.synth('bin/watched.ts', outdir)).toMatchObject({ status: 0, stderr: '' });
    const alarms = resourcesOf(outdir)
      .filter(({ Type }) => Type === 'AWS::CodeDeploy::DeploymentGroup')
      .map(({ Properties }) => JSON.stringify(Properties.AlarmConfiguration));
    expect(alarms).toHaveLength(3);
    expect(alarms.filter((names) => names.includes('-slow'))).toHaveLength(3);
  });

  test('its cost is that of the smallest example', () => {
    const [, shown] = /^<!-- cost -->\n((?:\|.*\n)+)/m.exec(README) ?? [];

    expect(shown).toBe(costTable(monthlyCost(assembly, RELEASES)));
  });

  test.each(blocks.filter(({ prints }) => prints !== undefined))('$file prints what the README says', (program) => {
    const { status, stdout, stderr } = project.run(program.file);

    expect(stderr).toBe('');
    expect(stdout).toBe(program.prints);
    expect(status).toBe(0);
  });

  slow('its snapshot test stays green when only code changes, and red when the service loses a region', () => {
    expect(project.test('developer')).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/Snapshots: +\d+ written/),
    });

    project.edit('handler/index.js', 'Hello', 'Good evening');
    expect(project.test('ci')).toMatchObject({ status: 0, stderr: expect.stringMatching(/Snapshots: +\d+ passed, /) });

    project.edit('lib/greeter.ts', /^.*region: 'eu-west-1' }, trafficShare.*\n/m, '');
    expect(project.test('ci')).toMatchObject({ status: 1, stderr: expect.stringMatching(/Snapshots: +2 failed, /) });
  });
});
