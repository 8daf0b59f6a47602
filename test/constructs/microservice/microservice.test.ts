import { App, Aws, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { MicroserviceStack, Phase, Staging, Workload } from '../../../constructs';
import { makeFunction, Shop, STAGING_ENV, synthesize } from '../../helpers/fixture';

/** Synthesizes a pipeline and returns the stacks that `define` got. */
function stacksOf(hostParity: number, look: (stack: MicroserviceStack) => void = () => undefined): MicroserviceStack[] {
  const stacks: MicroserviceStack[] = [];
  const microservice = new Shop('shop', (stack) => {
    stacks.push(stack);
    look(stack);
    return Workload.lambdas({ handler: makeFunction(stack, 'Handler') });
  });
  synthesize({ microservice, staging: Staging.full({ env: STAGING_ENV, hostParity }) });
  return stacks;
}

describe('a microservice', () => {
  test.each(['', 'Orders', '1st', 'or--ders', 'orders-', 'o'.repeat(31), Aws.REGION])(
    "may not be named '%s'",
    (name) => {
      expect(() => new Shop(name)).toThrow('but must be 1 to 30 lower-case letters');
    },
  );

  test('is defined once for staging and once for each production region', () => {
    expect(stacksOf(100).map(({ phase, environmentName, stackName }) => [phase, environmentName, stackName])).toEqual([
      [Phase.STAGING, 'staging', 'shop-staging'],
      [Phase.PRODUCTION, 'us-east-1', 'shop-production'],
      [Phase.PRODUCTION, 'eu-west-1', 'shop-production'],
      [Phase.PRODUCTION, 'ap-southeast-2', 'shop-production'],
    ]);
  });

  test('has in staging its capacity times the host parity, rounded up', () => {
    expect(stacksOf(25).map((stack) => stack.capacity(10))).toEqual([3, 10, 10, 10]);
  });

  test('has at least one host in staging, and never more than production', () => {
    void fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 10_000 }), (hostParity, n) => {
        const [staging, production] = stacksOf(hostParity);
        expect(staging.capacity(n)).toBeGreaterThanOrEqual(1);
        expect(staging.capacity(n)).toBeLessThanOrEqual(production.capacity(n));
      }),
      { numRuns: 5 },
    );
  });

  test.each([0, -1, 1.5, Number.NaN])('has no capacity of %p', (n) => {
    const [staging] = stacksOf(100);
    expect(() => staging.capacity(n)).toThrow(`capacity(${n}): must be a whole number of at least 1`);
  });

  test('may have further stacks, named after the service, phase and purpose', () => {
    const names: string[] = [];
    stacksOf(100, (stack) => names.push(stack.addStack('Data').stackName));
    expect(names).toEqual(['shop-staging-data', ...Array(3).fill('shop-production-data')]);
  });

  test.each(['data', 'service', 'toString'])('refuses a further stack of a taken name: %s', (id) => {
    const twice = (stack: MicroserviceStack) => {
      stack.addStack('Data');
      stack.addStack(id);
    };
    expect(() => stacksOf(100, twice)).toThrow(`addStack('${id}'): the environment has a stack of this name already`);
  });

  test('refuses a further stack whose id cannot be part of a name', () => {
    expect(() => stacksOf(100, (stack) => stack.addStack('my data'))).toThrow(
      "addStack('my data'): id must be letters",
    );
  });

  test('refuses a variable of the staging tests that no shell would take', () => {
    expect(() => stacksOf(100, (stack) => stack.exposeToStagingTests('url', 'x'))).toThrow(
      "exposeToStagingTests('url'): must be an environment variable's name",
    );
  });

  test('refuses to expose a variable twice', () => {
    const twice = (stack: MicroserviceStack) => {
      stack.exposeToStagingTests('URL', 'x');
      stack.exposeToStagingTests('URL', 'y');
    };
    expect(() => stacksOf(100, twice)).toThrow(
      "exposeToStagingTests('URL') is a second value of this name: choose another name",
    );
  });

  test('has no stacks outside of a pipeline', () => {
    expect(() => new MicroserviceStack(new Stack(new App(), 'S'), 'service')).toThrow('is outside of an environment');
  });
});
