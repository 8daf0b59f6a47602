import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { compileFunction, constants } from 'node:vm';
import type { Place } from './local-aws/call';
import type { VirtualClock } from './local-aws/clock';
import type { World } from './local-aws/world';

/** Where the bundles are that ship: `bin/bundle.ts` makes them before any test runs. */
const HANDLERS = path.join(__dirname, '..', '..', 'dist', 'handlers');

/** The SDK's pauses between attempts are real time; they are this much shorter here. */
const PAUSE_DIVISOR = 25;

/** Longer timers are timeouts, not pauses: they stay as they are. */
const LONGEST_PAUSE_MS = 1_900;

/** A function of the shape that Lambda calls. */
export type LambdaHandler = (event: unknown, context?: unknown) => Promise<unknown>;

export interface BundleOptions {
  /** The function's account and region. */
  readonly place: Place;
  readonly functionName?: string;
  readonly environment?: { readonly [name: string]: string };
  /** Seconds until Lambda would end it, as `context.getRemainingTimeInMillis()` tells. Default: 300. */
  readonly timeoutSeconds?: number;
}

/** A handler's bundle as a Lambda function of the local AWS: cold until its first event, warm afterwards. */
export interface BundledFunction {
  readonly handler: LambdaHandler;
  /** What it has logged. */
  readonly logs: readonly string[];
}

type Factory = (
  exports: object,
  require: (id: string) => unknown,
  module: { exports: object },
  process: object,
  console: object,
  date: DateConstructor,
  setTimeout: typeof globalThis.setTimeout,
) => void;

const factories = new Map<string, Factory>();

/**
 * Loads `dist/handlers/<name>` as a module instance of its own, with its own environment, in virtual time: it sees no
 * `process.env`, `Date` or `console` but its own, so several instances live side by side in one test.
 */
export function loadBundle(world: World, name: string, options: BundleOptions): BundledFunction {
  const { place, functionName = name, environment = {}, timeoutSeconds = 300 } = options;
  const { exports, logs } = loadModule<{ handler?: LambdaHandler }>(world, path.join(HANDLERS, name, 'index.js'), {
    ...world.environmentOf(place),
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    // Goes into the user agent of every call, by which the local AWS knows who calls.
    AWS_SDK_UA_APP_ID: functionName,
    ...environment,
  });
  const { handler } = exports;
  if (!handler) {
    throw new Error(`dist/handlers/${name}/index.js exports no handler`);
  }
  const deadline = (): number => world.clock.now() + timeoutSeconds * 1000;
  return {
    logs,
    handler: async (event) => {
      const end = deadline();
      const context = {
        functionName,
        awsRequestId: 'local',
        invokedFunctionArn: `arn:aws:lambda:${place.region}:${place.account}:function:${functionName}`,
        getRemainingTimeInMillis: () => end - world.clock.now(),
      };
      // What crosses Lambda's boundary is JSON.
      return clone(await handler(clone(event), context));
    },
  };
}

/** Loads a bundle as a module instance of its own, with these environment variables and no others, in virtual time. */
export function loadModule<T extends object>(
  world: World,
  file: string,
  env: { readonly [name: string]: string },
): { readonly exports: T; readonly logs: readonly string[] } {
  const logs: string[] = [];
  const module = { exports: {} };
  const ownProcess = Object.create(process, {
    env: { value: { ...env } },
    // The SDK warns of Node 20, once per instance.
    emitWarning: { value: () => undefined },
  }) as object;
  factory(file)(
    module.exports,
    requireFor(ownProcess, world.clock),
    module,
    ownProcess,
    consoleOf(logs),
    world.clock.Date,
    shortenedTimeout(),
  );
  return { exports: module.exports as T, logs };
}

const clone = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

function factory(file: string): Factory {
  const known = factories.get(file);
  if (known) {
    return known;
  }
  const parameters = ['exports', 'require', 'module', 'process', 'console', 'Date', 'setTimeout'];
  // In Node's own context, not in jest's, which allows no import() in a script.
  const compiled = compileFunction(readFileSync(file, 'utf8').replace(/^#!.*/, ''), parameters, {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as unknown as Factory;
  factories.set(file, compiled);
  return compiled;
}

function requireFor(ownProcess: object, clock: VirtualClock): (id: string) => unknown {
  const load = createRequire(__filename);
  return (id) => {
    const bare = id.replace(/^node:/, '');
    if (bare === 'process') {
      return ownProcess;
    }
    if (bare === 'timers/promises') {
      const real = load(id) as { setTimeout: (ms: number, value?: unknown, options?: object) => Promise<unknown> };
      // A pause is slept in virtual time; what can be aborted is a timeout and stays real.
      const setTimeout = (ms: number, value?: unknown, options?: object): Promise<unknown> =>
        options ? real.setTimeout(ms, value, options) : clock.sleep(ms / 1000).then(() => value);
      return { ...real, setTimeout };
    }
    return load(id);
  };
}

function consoleOf(logs: string[]): object {
  const log = (...words: unknown[]): void => {
    logs.push(words.map((word) => (word instanceof Error ? word.stack : String(word))).join(' '));
  };
  return { log, info: log, warn: log, error: log, debug: log, trace: log };
}

function shortenedTimeout(): typeof globalThis.setTimeout {
  const shortened = (action: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): NodeJS.Timeout =>
    setTimeout(action, ms <= LONGEST_PAUSE_MS ? ms / PAUSE_DIVISOR : ms, ...args);
  return shortened as typeof globalThis.setTimeout;
}
