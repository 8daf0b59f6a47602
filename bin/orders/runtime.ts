import type { Log } from './ports';

/** Returns an environment variable that the construct sets. A missing one fails the first load. */
export function environmentVariable(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`The environment variable ${name} is missing`);
  }
  return value;
}

/** Lambda sends what is written to stdout to the function's log group. */
export const log: Log = (entry) => console.log(JSON.stringify(entry));
