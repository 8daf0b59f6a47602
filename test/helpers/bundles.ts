import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { compileFunction, constants } from 'node:vm';
import type { Place } from '../local-aws/call';
import { virtualDate } from '../local-aws/clock';
import { httpsTo } from '../local-aws/in-process';
import type { World } from '../local-aws/world';

/** Folder of the bundles that ship. `bin/bundle.ts` makes them before any test runs. */
const HANDLERS = path.join(__dirname, '..', '..', 'dist', 'handlers');

/** Factor that shortens the SDK's pauses between attempts, which take real time. */
const PAUSE_DIVISOR = 25;

/** Longest timer that counts as a pause, in milliseconds. Longer ones are timeouts and stay unchanged. */
const MAX_PAUSE_MS = 1_900;

/** A function with the signature that Lambda calls. */
export type LambdaHandler = (event: unknown, context?: unknown) => Promise<unknown>;

export interface BundleOptions {
  /** Account and region of the function. */
  readonly place: Place;
  readonly functionName?: string;
  readonly environment?: { readonly [name: string]: string };
  /** Seconds until Lambda ends the function, as `context.getRemainingTimeInMillis()` returns them. Default: 300. */
  readonly timeoutSeconds?: number;
}

/** A handler's bundle as a Lambda function of the local AWS: cold until its first event, warm afterwards. */
export interface BundledFunction {
  readonly handler: LambdaHandler;
  /** Lines that the function has logged. */
  readonly logs: readonly string[];
}

type Factory = (
  exports: object,
  require: (id: string) => unknown,
  module: { exports: object },
  process: object,
  console: object,
  date: DateConstructor,
  setTimeout: Timers['setTimeout'],
  clearTimeout: Timers['clearTimeout'],
  math: object,
) => void;

const factories = new Map<string, Factory>();

/** The timers of Node.js that bundles use. */
interface Timers {
  readonly setTimeout: (action: () => void, ms?: number) => object;
  readonly clearTimeout: (timer: unknown) => void;
}

/** Surroundings of a bundle. */
interface Surroundings {
  /** The present world. It changes from test to test where bundles stay warm. */
  readonly world: () => World;
  readonly date: DateConstructor;
  readonly timers: Timers;
  /** Replaces `node:https` where the world has no address. */
  readonly https?: object;
}

/** An instance of a bundle's module. */
interface Instance {
  readonly handler: LambdaHandler;
  readonly logs: string[];
}

/** Instances that outlive the world they were loaded for, by name, environment and place. */
const warm = new Map<string, Instance>();
let present: World | undefined;

/**
 * Loads `dist/handlers/<name>` as a module instance of its own, with its own environment, in virtual time. The instance
 * sees only its own `process.env`, `Date` and `console`, so several instances run side by side in one test.
 *
 * In warm worlds, one at a time, instances stay warm from one world to the next, as Lambda's do. A bundle that was just
 * loaded takes twice the time for its calls.
 */
export function loadBundle(world: World, name: string, options: BundleOptions): BundledFunction {
  const { place, functionName = name, timeoutSeconds = 300 } = options;
  const { handler, logs } = world.warm ? warmInstance(world, name, options) : instance(name, options, around(world));
  return {
    logs,
    handler: async (event) => {
      const end = world.clock.now() + timeoutSeconds * 1000;
      const context = {
        functionName,
        awsRequestId: 'local',
        invokedFunctionArn: `arn:aws:lambda:${place.region}:${place.account}:function:${functionName}`,
        getRemainingTimeInMillis: () => end - world.clock.now(),
      };
      // Events cross Lambda's boundary as JSON.
      return clone(await handler(clone(event), context));
    },
  };
}

const around = (world: World): Surroundings => ({
  world: () => world,
  date: world.clock.Date,
  timers: SHORTENED,
  https: world.loopback ? undefined : httpsTo((request) => world.receive(request)),
});

function warmInstance(world: World, name: string, options: BundleOptions): Instance {
  present = world;
  const key = JSON.stringify([name, options]);
  const found = warm.get(key) ?? instance(name, options, aroundThePresent());
  warm.set(key, found);
  found.logs.length = 0;
  return found;
}

function aroundThePresent(): Surroundings {
  const world = (): World => {
    if (!present) throw new Error('No warm world has started yet');
    return present;
  };
  const https = httpsTo((request) => world().receive(request));
  return { world, https, date: virtualDate(() => world().clock.now()), timers: virtualTimers(world) };
}

function instance(name: string, { place, functionName = name, environment = {} }: BundleOptions, around: Surroundings) {
  const { exports, logs } = load<{ handler?: LambdaHandler }>(path.join(HANDLERS, name, 'index.js'), around, {
    ...around.world().environmentOf(place),
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    // Part of the user agent of every call, by which the local AWS identifies the caller.
    AWS_SDK_UA_APP_ID: functionName,
    ...environment,
  });
  const { handler } = exports;
  if (!handler) {
    throw new Error(`dist/handlers/${name}/index.js exports no handler`);
  }
  return { handler, logs };
}

/** Loads a bundle as a module instance of its own, with only these environment variables, in virtual time. */
export function loadModule<T extends object>(
  world: World,
  file: string,
  env: { readonly [name: string]: string },
): { readonly exports: T; readonly logs: readonly string[] } {
  return load<T>(file, around(world), env);
}

function load<T extends object>(
  file: string,
  around: Surroundings,
  env: { readonly [name: string]: string },
): { readonly exports: T; readonly logs: string[] } {
  const logs: string[] = [];
  const module = { exports: {} };
  const ownProcess = Object.create(process, {
    env: { value: { ...env } },
    // The SDK warns about Node 20, once per instance.
    emitWarning: { value: () => undefined },
    stdout: { value: { write: (text: string) => logs.push(text.trimEnd()) } },
  }) as object;
  const { date, timers, https } = around;
  factory(file)(
    module.exports,
    requireFor(ownProcess, around),
    module,
    ownProcess,
    consoleOf(logs),
    date,
    timers.setTimeout,
    timers.clearTimeout,
    https ? WITHOUT_CHANCE : Math,
  );
  return { exports: module.exports as T, logs };
}

const clone = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

function factory(file: string): Factory {
  const cached = factories.get(file);
  if (cached) {
    return cached;
  }
  const parameters = [
    'exports',
    'require',
    'module',
    'process',
    'console',
    'Date',
    'setTimeout',
    'clearTimeout',
    'Math',
  ];
  // This runs in Node's own context, because jest's allows no import() in a script.
  const compiled = compileFunction(readFileSync(file, 'utf8').replace(/^#!.*/, ''), parameters, {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as unknown as Factory;
  factories.set(file, compiled);
  return compiled;
}

function requireFor(ownProcess: object, { world, https }: Surroundings): (id: string) => unknown {
  const load = createRequire(__filename);
  return (id) => {
    const bare = id.replace(/^node:/, '');
    if (bare === 'process') {
      return ownProcess;
    }
    if (bare === 'https' && https) {
      return https;
    }
    if (bare === 'fs/promises') {
      // The SDK searches for its configuration files. None exist, and the search would take real time.
      return { ...(load(id) as object), readFile: async () => '' };
    }
    if (bare === 'timers/promises') {
      const real = load(id) as { setTimeout: (ms: number, value?: unknown, options?: object) => Promise<unknown> };
      // A pause passes in virtual time. A timer that can be aborted is a timeout and stays real.
      const setTimeout = (ms: number, value?: unknown, options?: object): Promise<unknown> =>
        options
          ? real.setTimeout(ms, value, options)
          : world()
              .clock.sleep(ms / 1000)
              .then(() => value);
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

/** Shortens pauses and leaves timeouts as they are. */
const SHORTENED: Timers = {
  setTimeout: (action, ms = 0) => setTimeout(action, ms <= MAX_PAUSE_MS ? ms / PAUSE_DIVISOR : ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** Replaces the SDK's random pauses: where a test chooses the order of calls, they would differ from run to run. */
const WITHOUT_CHANCE = Object.create(Math, { random: { value: () => 0.5 } }) as object;

/** Runs pauses and timeouts on the virtual clock. */
function virtualTimers(world: () => World): Timers {
  return {
    setTimeout: (action, ms = 0) => {
      const cancel = world().clock.after(ms / 1000, action);
      return { cancel, ref: () => undefined, unref: () => undefined };
    },
    clearTimeout: (timer) => (timer as { cancel?: () => void } | undefined)?.cancel?.(),
  };
}
