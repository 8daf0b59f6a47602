import type { Call } from './call';
import type { World } from './world';

/** Quiet rounds of the event loop after which nothing more happens by itself. */
const QUIET = 3;

/**
 * Serves calls in rounds from now on: all that are under way at once, and only when no more come by themselves. Calls
 * of one round have not waited for each other. For worlds without an address.
 *
 * @returns the rounds so far, each with its calls in their order
 */
export function serveInRounds(world: World): readonly (readonly Call[])[] {
  const rounds: (readonly Call[])[] = [];
  let waiting: { readonly call: Call; readonly serve: () => void }[] = [];
  const serveWhenQuiet = (before: number, quiet: number): void => {
    const { length } = waiting;
    const still = length === before && world.serving === 0;
    if (!still || quiet < QUIET) {
      setImmediate(() => serveWhenQuiet(length, still ? quiet + 1 : 0));
      return;
    }
    const round = waiting;
    waiting = [];
    rounds.push(round.map(({ call }) => call));
    for (const { serve } of round) serve();
  };
  world.faults = (call) =>
    new Promise((resolve) => {
      waiting.push({ call, serve: () => resolve(undefined) });
      if (waiting.length === 1) serveWhenQuiet(0, 0);
    });
  return rounds;
}
