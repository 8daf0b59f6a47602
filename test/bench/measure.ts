import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Topology } from './topology';

/** Measurement that a child process prints on its last line, as JSON. */
export interface Measurement {
  /** From the first construct to the end of `app.synth()`. */
  readonly synthMs: number;
  /** Processor time of the whole process: the measure that depends least on the machine's load. */
  readonly cpuMs: number;
  /** Peak resident set size of the process. */
  readonly peakMb: number;
}

/** Only argument of a child process, as JSON. */
export interface Task extends Topology {
  readonly validation: boolean;
}

/** Synthesizes one topology in this process and prints the measurement. */
export function measure(define: (app: App, topology: Topology) => void): void {
  const task: Task = JSON.parse(process.argv[2]);
  const outdir = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const start = performance.now();
    const app = new App({ outdir, ...(task.validation ? {} : { builtinCloudFormationValidation: false }) });
    define(app, task);
    app.synth();
    const synthMs = performance.now() - start;
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const measurement: Measurement = { synthMs, cpuMs: (userCPUTime + systemCPUTime) / 1_000, peakMb: maxRSS / 1024 };
    console.log(JSON.stringify(measurement));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
