import { isBuiltIn } from '../core/validation';
import type { Checks } from './checks';

/** A check as an action. */
export interface Check {
  readonly name: string;
  readonly commands: string[];
}

const ACTION_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,49}$/;

/** Lists the actions that Build runs before synth. Throws if a command is missing. */
export function buildChecks(checks: Checks): Check[] {
  const fixed: Check[] = [
    { name: 'Lint', commands: commandsOf('checks.lint', checks.lint) },
    { name: 'UnitTests', commands: commandsOf('checks.unitTests', checks.unitTests) },
    { name: 'IntegrationTests', commands: commandsOf('checks.integrationTests', checks.integrationTests) },
  ];
  const taken = new Set(
    [...fixed.map((check) => check.name), 'Synth', 'StagingTests'].map((name) => name.toLowerCase()),
  );
  const additional = Object.entries(checks.additional ?? {}).map(([name, commands]) => {
    if (!ACTION_NAME.test(name) || isBuiltIn(name)) {
      throw new Error(
        `checks.additional: '${name}' cannot name an action: use 1 to 50 letters, digits, dashes and underscores, starting with a letter`,
      );
    }
    if (taken.has(name.toLowerCase())) {
      throw new Error(`checks.additional: '${name}' is the name of another action of the pipeline: choose another`);
    }
    return { name, commands: commandsOf(`checks.additional.${name}`, commands) };
  });
  return [...fixed, ...additional];
}

/** Returns the action that a release must pass to leave staging, if there is one. */
export function stagingCheck(checks: Checks): Check | undefined {
  return checks.stagingTests === undefined
    ? undefined
    : { name: 'StagingTests', commands: commandsOf('checks.stagingTests', checks.stagingTests) };
}

/** Lists the checks by the names that a standard requires. */
export function namesOfChecks(checks: Checks): string[] {
  return [
    'lint',
    'unitTests',
    'integrationTests',
    ...(checks.stagingTests ? ['stagingTests'] : []),
    ...Object.keys(checks.additional ?? {}),
  ];
}

/** Returns the commands of an action. Throws if they are no list, or if there is none. */
export function commandsOf(property: string, commands: string[] | undefined): string[] {
  if (commands !== undefined && !Array.isArray(commands)) {
    throw new Error(`${property} is ${JSON.stringify(commands)}, but must be a list of commands: put it into brackets`);
  }
  const given = commands?.filter((command) => command.trim() !== '') ?? [];
  if (given.length === 0) {
    throw new Error(
      `${property} is ${JSON.stringify(commands)}, but needs at least one command: an action that runs nothing passes everything`,
    );
  }
  return given;
}
