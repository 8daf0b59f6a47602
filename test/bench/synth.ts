import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { build } from 'esbuild';
import type { Measurement, Task } from './measure';
import { median, slope, table } from './statistics';
import type { Topology } from './topology';

const KINDS = ['ours', 'plain'] as const;
type Kind = (typeof KINDS)[number];

interface Sample extends Measurement {
  /** Time from the start of the process to its end, including the load of modules. */
  readonly processMs: number;
}

export interface SynthOptions {
  readonly topologies: readonly Topology[];
  readonly minRounds: number;
  readonly maxRounds: number;
  /** Seconds after which no round beyond `minRounds` starts. */
  readonly budgetSeconds: number;
  readonly validation: boolean;
}

/** Largest ratio to plain CDK Pipelines that this project allows, for time and for memory. */
const AIM = 1.3;

/** Synthesizes every topology several times, with this library and plain in turn, each in its own process. */
export async function benchSynth(options: SynthOptions): Promise<string> {
  const directory = await compile();
  const samples = new Map<string, Sample[]>();
  const start = performance.now();
  let rounds = 0;
  const inTime = () => rounds < options.minRounds || performance.now() - start < options.budgetSeconds * 1_000;
  while (rounds < options.maxRounds && inTime()) {
    for (const topology of options.topologies) {
      // The first of a pair may find colder caches, so the order alternates.
      for (const kind of rounds % 2 === 0 ? KINDS : [...KINDS].reverse()) {
        const id = key(kind, topology);
        const sample = run(path.join(directory, `${kind}.js`), { ...topology, validation: options.validation });
        samples.set(id, [...(samples.get(id) ?? []), sample]);
        console.error(`round ${rounds + 1}: ${id}: ${seconds(sample.synthMs)}, ${sample.peakMb.toFixed(0)} MB`);
      }
    }
    rounds++;
  }
  return report(options, rounds, (kind, topology, value) =>
    median((samples.get(key(kind, topology)) ?? []).map((sample) => sample[value])),
  );
}

type Median = (kind: Kind, topology: Topology, value: keyof Sample) => number;

const key = (kind: Kind, { services, regions }: Topology) => `${services} × ${regions}, ${kind}`;
const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;

/** Compiles the scripts once, so that a measurement is synth alone, without transpilation. */
async function compile(): Promise<string> {
  const directory = path.join(process.cwd(), 'dist', 'bench');
  await build({
    entryPoints: KINDS.map((kind) => path.join(__dirname, `${kind}.ts`)),
    outdir: directory,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
  });
  return directory;
}

function run(script: string, task: Task): Sample {
  const start = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [script, JSON.stringify(task)], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const processMs = performance.now() - start;
  if (status !== 0) {
    throw new Error(`${path.basename(script)} ${JSON.stringify(task)} ended with ${status ?? signal}:\n${stderr}`);
  }
  const measurement: Measurement = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  return { ...measurement, processMs };
}

function report({ topologies, validation }: SynthOptions, rounds: number, at: Median): string {
  const cells = (topology: Topology, value: keyof Sample, show: (value: number) => string) => {
    const [ours, plain] = KINDS.map((kind) => at(kind, topology, value));
    return [`${show(ours)} / ${show(plain)}`, (ours / plain).toFixed(2)];
  };
  const rows = topologies.map((topology) => [
    `${topology.services} × ${topology.regions}`,
    ...cells(topology, 'synthMs', seconds),
    ...cells(topology, 'processMs', seconds),
    ...cells(topology, 'cpuMs', seconds),
    ...cells(topology, 'peakMb', (mb) => mb.toFixed(0)),
  ]);
  const heading = ['services × regions', 'synth', 'ratio', 'process', 'ratio', 'CPU', 'ratio', 'peak MB', 'ratio'];
  return [
    `Synth, ours / plain: medians of ${rounds} rounds, CDK's validation ${validation ? 'on' : 'off'}; aim: ratios of at most ${AIM.toFixed(2)}`,
    table(heading, rows),
    '',
    ...growth(topologies, at),
  ].join('\n');
}

/** Cost of one more region and of one more service, and its change from the first to the last. */
function growth(topologies: readonly Topology[], at: Median): string[] {
  const lines = (['ours', 'plain'] as const).flatMap((kind) => [
    ...growthBy(
      'region',
      kind,
      topologies.filter(({ services }) => services === 1),
      ({ regions }) => regions,
      at,
    ),
    ...growthBy(
      'service',
      kind,
      topologies.filter(({ regions }) => regions === 3),
      ({ services }) => services,
      at,
    ),
  ]);
  return ['Growth: seconds of synth', ...lines];
}

function growthBy(
  unit: string,
  kind: Kind,
  topologies: readonly Topology[],
  count: (topology: Topology) => number,
  at: Median,
): string[] {
  const points = topologies
    .map((topology) => [count(topology), at(kind, topology, 'synthMs') / 1_000] as const)
    .sort(([a], [b]) => a - b);
  if (points.length < 2) {
    return [];
  }
  const steps = points.slice(1).map(([x, y], before) => {
    const [previousX, previousY] = points[before];
    return `${previousX}–${x}: ${((y - previousY) / (x - previousX)).toFixed(3)}`;
  });
  return [`  ${kind}, per ${unit}: ${slope(points).toFixed(3)} (${steps.join(', ')})`];
}
