import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { isBuiltIn } from '../../core/validation';
import { type Environment, environmentOf } from '../../environment/environment';

const KEY = /^[A-Za-z][A-Za-z0-9]{0,31}$/;

/**
 * Maximum number of functions. With more, and the longest names, the inline policies of the environment's role would
 * exceed IAM's 10,240 characters.
 */
const MAX_FUNCTIONS = 12;

/** Stack and environment of a workload's functions. */
export interface Home {
  readonly stack: Stack;
  readonly environment: Environment;
}

/** Returns the stack and environment of the functions. Refuses functions that could not be released together. */
export function checkFunctions(functions: { readonly [key: string]: lambda.Function }): Home {
  if (typeof functions !== 'object' || functions === null) {
    throw new Error(
      `Workload.lambdas(${functions}): must have functions by name, such as Workload.lambdas({ handler })`,
    );
  }
  const entries = Object.entries(functions);
  if (entries.length === 0) {
    throw new Error('Workload.lambdas({}): there must be at least one function, such as Workload.lambdas({ handler })');
  }
  if (entries.length > MAX_FUNCTIONS) {
    throw new Error(
      `Workload.lambdas() has ${entries.length} functions, but at most ${MAX_FUNCTIONS} are released together: make several microservices of them`,
    );
  }
  const keys = new Map<string, string>();
  const seen = new Map<string, string>();
  for (const [key, fn] of entries) {
    checkKey(key, keys);
    checkFunction(key, fn);
    for (const name of namesOf(fn)) {
      const twin = seen.get(name);
      if (twin !== undefined) {
        throw new Error(
          `Workload.lambdas(): '${twin}' and '${key}' are both the function ${name}, but a function has one alias, and so one key: remove '${twin}' or '${key}'`,
        );
      }
      seen.set(name, key);
    }
  }
  return checkHome(entries);
}

function checkKey(key: string, keys: Map<string, string>): void {
  if (!KEY.test(key) || isBuiltIn(key)) {
    throw new Error(
      `Workload.lambdas(): key '${key}' must be 1 to 32 letters and digits, starting with a letter: deployment groups, alarms and parameters are named after it`,
    );
  }
  const other = keys.get(key.toLowerCase());
  if (other !== undefined) {
    throw new Error(
      `Workload.lambdas(): keys '${other}' and '${key}' differ in case only: names made of them would too`,
    );
  }
  keys.set(key.toLowerCase(), key);
}

function checkFunction(key: string, fn: lambda.Function): void {
  const resource = fn?.node?.defaultChild;
  // Not by instanceof: there may be two copies of aws-cdk-lib.
  if (!resource || !CfnResource.isCfnResource(resource) || resource.cfnResourceType !== 'AWS::Lambda::Function') {
    throw new Error(
      `Workload.lambdas(): '${key}' is not a function of this microservice: it must be a lambda.Function defined in define(), not an imported one, a version or an alias`,
    );
  }
}

/**
 * Returns names that no two functions share: the path of the construct, and the physical name where it is known at
 * synth.
 */
function namesOf(fn: lambda.Function): readonly string[] {
  const { functionName, node } = fn.node.defaultChild as lambda.CfnFunction;
  const path = node.scope?.node.path ?? node.path;
  return functionName === undefined || Token.isUnresolved(functionName) ? [path] : [path, functionName];
}

function checkHome(entries: readonly [string, lambda.Function][]): Home {
  const [[firstKey, first]] = entries;
  const environment = environmentOf(first);
  if (!environment) {
    throw new Error(
      `Workload.lambdas(): '${firstKey}' (${first.node.path}) is outside of an environment: call Workload.lambdas inside of your Microservice's define(stack), and create its functions in that stack`,
    );
  }
  const stack = Stack.of(first);
  for (const [key, fn] of entries) {
    if (Stack.of(fn) !== stack) {
      throw new Error(
        `Workload.lambdas(): '${firstKey}' is in stack ${stack.node.path}, '${key}' in ${Stack.of(fn).node.path}: functions that are released together must be in one stack`,
      );
    }
  }
  return { stack, environment };
}
