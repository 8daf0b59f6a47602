import type { Log } from './ports';

/** A value that the construct gives to the function. Missing is a mistake of ours, seen at the first load. */
export function environmentVariable(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`The environment variable ${name} is missing`);
  }
  return value;
}

/** Lambda sends what is written to stdout to the function's log group. */
export const log: Log = (entry) => console.log(JSON.stringify(entry));
