import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '..', '..');
const PACKAGE = 'microservice-deployment-pipeline';
const SOURCES = path.join(ROOT, 'constructs', 'index.ts');

const TSX = path.join(path.dirname(require.resolve('tsx/package.json')), 'dist', 'cli.mjs');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Project of a user who has installed this package: a folder in which its name leads to the present sources. It is
 * inside of `dist`, so that Node.js finds the dependencies that are installed here.
 */
export class Project {
  readonly directory: string;

  constructor() {
    mkdirSync(path.join(ROOT, 'dist'), { recursive: true });
    this.directory = mkdtempSync(path.join(ROOT, 'dist', 'readme-'));
    this.write('package.json', JSON.stringify({ name: 'stranger', private: true }));
    this.write(
      'tsconfig.json',
      JSON.stringify({
        extends: path.join(ROOT, 'tsconfig.json'),
        compilerOptions: { paths: { [PACKAGE]: [SOURCES] } },
        include: ['**/*'],
      }),
    );
    this.write(
      'jest.config.json',
      JSON.stringify({
        testEnvironment: 'node',
        transform: { '\\.ts$': require.resolve('@swc/jest') },
        // Machines that run the checks are busy.
        testTimeout: 120_000,
        moduleNameMapper: { [`^${PACKAGE}$`]: SOURCES },
      }),
    );
  }

  write(file: string, text: string): void {
    const target = path.join(this.directory, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  /** Edits a file the way a reader would. The text to replace must be there. */
  edit(file: string, from: string | RegExp, to: string): void {
    const before = readFileSync(path.join(this.directory, file), 'utf8');
    const after = before.replace(from, to);
    if (after === before) {
      throw new Error(`${file} has no ${from}`);
    }
    this.write(file, after);
  }

  /** Returns the TypeScript compiler's messages about these files, under this repository's own options. */
  typeErrors(files: readonly string[]): string[] {
    const config = path.join(this.directory, 'tsconfig.json');
    const { options, errors } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(config, ts.sys.readFile).config,
      ts.sys,
      this.directory,
    );
    const program = ts.createProgram(
      files.map((file) => path.join(this.directory, file)),
      options,
    );
    return [...errors, ...ts.getPreEmitDiagnostics(program)].map((diagnostic) =>
      ts.formatDiagnostic(diagnostic, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => this.directory,
        getNewLine: () => '\n',
      }),
    );
  }

  /** Runs a TypeScript program as `npx tsx` does. */
  run(file: string): Ended {
    return this.spawn(TSX, [file]);
  }

  /** Runs a CDK app as the CDK's command-line tool does: its `App` synthesizes into this folder. */
  synth(file: string, outdir: string): Ended {
    return this.spawn(TSX, [file], { CDK_OUTDIR: outdir });
  }

  /** Runs all tests of the project. In CI mode, as there, a missing snapshot is not written. */
  test(mode: 'developer' | 'ci'): Ended {
    return this.spawn(require.resolve('jest/bin/jest'), [
      '--config=jest.config.json',
      mode === 'ci' ? '--ci' : '--no-ci',
    ]);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private spawn(script: string, args: string[], environment: { [name: string]: string } = {}): Ended {
    const { status, stdout, stderr, error } = spawnSync(process.execPath, [script, ...args], {
      cwd: this.directory,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...environment },
      maxBuffer: 64 * 1024 * 1024,
    });
    if (error) {
      throw error;
    }
    return { status, stdout, stderr };
  }
}
