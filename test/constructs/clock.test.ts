import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import {
  DeploymentStandard,
  DeploymentWindow,
  GateCheck,
  MicroserviceDeploymentPipeline,
  Slo,
  Weekday,
} from '../../constructs';
import { type Source, sources } from '../architecture/house';
import { PIPELINE_ENV, pipelineProps } from '../helpers/fixture';

const ALL = new Map(sources().map((source) => [source.file, source]));

/** Files that synth loads: the constructs, and what they import. */
function reachable(file: string, found = new Map<string, Source>()): ReadonlyMap<string, Source> {
  const source = ALL.get(file);
  if (!source || found.has(file)) return found;
  found.set(file, source);
  for (const target of source.imports) reachable(target, found);
  return found;
}

/** Reads of a clock, and of what else differs from one synth to the next. */
const CLOCKS =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bperformance\.|\bhrtime\b|\bMath\.random\b|\brandomUUID\b/;

const source = (file: string) => readFileSync(path.join(__dirname, '..', '..', file), 'utf8');

describe('synth reads no clock', () => {
  const files = [...reachable('constructs/index.ts').keys()];

  test('in any file that it loads, of lib, too', () => {
    expect(files.filter((file) => file.startsWith('lib/')).length).toBeGreaterThan(10);
    expect(files.filter((file) => CLOCKS.test(source(file)))).toEqual([]);
  });

  test.each(['Date.now()', 'const f = Date.now;', 'new Date()', 'performance.now()', 'crypto.randomUUID()'])(
    'and would be seen to, as %s',
    (text) => {
      expect(text).toMatch(CLOCKS);
    },
  );

  test.each(['new Date(moment)', 'Date.parse(text)', 'Date.UTC(2024, 0, 1)'])('but %s is none', (text) => {
    expect(text).not.toMatch(CLOCKS);
  });
});

describe('the same sources', () => {
  afterEach(() => jest.useRealTimers());

  /** Everything that is deployed, and that the pipeline is made of. */
  const templatesAt = (now: string) => {
    jest.useFakeTimers({ now: Date.parse(now), doNotFake: ['nextTick', 'setImmediate', 'performance', 'hrtime'] });
    const app = new App({ builtinCloudFormationValidation: false });
    DeploymentStandard.set(
      app,
      new DeploymentStandard({
        name: 'acme',
        productionWindow: DeploymentWindow.businessHours('Europe/Berlin', { days: [Weekday.MONDAY] }),
        blackouts: [
          { from: '2020-12-24', to: '2020-12-26' },
          { from: '2029-12-24', to: '2029-12-26', timeZone: 'Europe/Berlin' },
          { from: '2039-12-24', to: '2039-12-26', timeZone: 'America/New_York', reason: 'far ahead' },
        ],
        gateChecks: [GateCheck.cadence({ maxPerDay: 2 })],
      }),
    );
    const stack = new Stack(app, 'Pipelines', { env: PIPELINE_ENV });
    new MicroserviceDeploymentPipeline(stack, 'Shop', pipelineProps({ slos: [Slo.availability(99.9)] }));
    const assembly = app.synth();
    const stacks = [assembly, ...assembly.nestedAssemblies.map(({ nestedAssembly }) => nestedAssembly)].flatMap(
      ({ stacks }) => stacks,
    );
    return Object.fromEntries(
      stacks.map(({ stackName, environment, template }) => [stackName + environment.region, template]),
    );
  };

  test('give the same templates ten years apart, also with a past blackout', () => {
    const templates = templatesAt('2026-12-01T12:00:00Z');
    const later = templatesAt('2036-12-25T12:00:00Z');
    const names = [...new Set([...Object.keys(templates), ...Object.keys(later)])];
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !isDeepStrictEqual(templates[name], later[name]))).toEqual([]);
    expect(JSON.stringify(templates).includes('2020-12-24')).toBe(true);
  });
});
