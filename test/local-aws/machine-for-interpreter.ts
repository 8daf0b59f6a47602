import type { AslDefinition, AslState } from '../../lib/rollout/machine-definition';

/** Name in the context object for an execution in virtual time, because the interpreter writes its own `Execution`. */
export const VIRTUAL_EXECUTION = 'VirtualExecution';

/**
 * Timeout longer than any test: in the interpreter a task's timeout is real time, and waits and legs must have none.
 */
const NO_TIMEOUT_SECONDS = 86_400;

/**
 * Adapts a definition to the interpreter and to virtual time. Waits become tasks that sleep on the virtual clock, and
 * references to the execution's start get the virtual one. Everything else is as synthesized.
 */
export function forInterpreter(definition: AslDefinition): AslDefinition {
  const { TimeoutSeconds: _kept, ...rest } = definition;
  const text = JSON.stringify(rest).replaceAll('$$.Execution.', () => `$$.${VIRTUAL_EXECUTION}.`);
  const { States, ...other } = JSON.parse(text) as AslDefinition;
  return {
    ...other,
    States: Object.fromEntries(Object.entries(States).map(([name, state]) => [name, runnable(state)])),
  };
}

function runnable(state: AslState): AslState {
  switch (state.Type) {
    case 'Wait': {
      const { Seconds, SecondsPath, ...rest } = state;
      if (typeof Seconds !== 'number' && typeof SecondsPath !== 'string') {
        throw new Error(`Only waits of a number of seconds can be run: ${JSON.stringify(state)}`);
      }
      return { ...rest, Type: 'Task', Resource: 'wait', ResultPath: null, TimeoutSeconds: NO_TIMEOUT_SECONDS };
    }
    case 'Task':
      return { ...state, TimeoutSeconds: NO_TIMEOUT_SECONDS };
    default:
      return state;
  }
}

installWithResolvers();

/** Adds what Node 20 lacks: the interpreter is made for Node 22. */
function installWithResolvers(): void {
  if ('withResolvers' in Promise) {
    return;
  }
  const withResolvers = (): object => {
    const resolvers: { [name: string]: unknown } = {};
    const promise = new Promise((resolve, reject) => Object.assign(resolvers, { resolve, reject }));
    return { promise, ...resolvers };
  };
  Object.defineProperty(Promise, 'withResolvers', { value: withResolvers, configurable: true, writable: true });
}
