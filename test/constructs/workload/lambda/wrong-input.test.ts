import { App, Aws, Stack, Stage } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { Workload } from '../../../../constructs/workload/workload';
import { environment, fn } from './environment';

test('a workload without functions is refused', () => {
  expect(() => Workload.lambdas({})).toThrow('there must be at least one function');
});

test('a workload of too many functions is refused', () => {
  const { stack } = environment();
  const many = Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`f${at}`, fn(stack, `F${at}`)]));
  expect(() => Workload.lambdas(many)).toThrow('has 13 functions, but at most 12 are released together');
});

test.each(['', '1st', 'with-dash', 'a'.repeat(33), 'ä'])("key '%s' is refused", (key) => {
  const { stack } = environment();
  expect(() => Workload.lambdas({ [key]: fn(stack) })).toThrow(
    `key '${key}' must be 1 to 32 letters and digits, starting with a letter`,
  );
});

test('keys that differ in case only are refused', () => {
  const { stack } = environment();
  expect(() => Workload.lambdas({ api: fn(stack, 'A'), Api: fn(stack, 'B') })).toThrow(
    "keys 'api' and 'Api' differ in case only",
  );
});

test('the same function under two keys is refused', () => {
  const { stack } = environment();
  const handler = fn(stack);
  expect(() => Workload.lambdas({ one: handler, other: fn(stack, 'Other'), two: handler })).toThrow(
    "Workload.lambdas(): 'one' and 'two' are both the function eu-west-1/service/Handler, but a function has one alias, and so one key: remove 'one' or 'two'",
  );
});

test('the same function behind two constructs is refused', () => {
  const { stack } = environment();
  const handler = fn(stack);
  const wrapper = fn(stack, 'Wrapper');
  wrapper.node.defaultChild = handler.node.defaultChild;
  expect(() => Workload.lambdas({ one: handler, two: wrapper })).toThrow(
    "'one' and 'two' are both the function eu-west-1/service/Handler, but a function has one alias",
  );
});

test('two functions of one name are refused', () => {
  const { stack } = environment();
  const named = (id: string, functionName: string) => fn(stack, id, { functionName });
  expect(() => Workload.lambdas({ one: named('A', 'orders'), two: named('B', 'orders') })).toThrow(
    "'one' and 'two' are both the function orders, but a function has one alias, and so one key: remove 'one' or 'two'",
  );
});

test('two functions whose names are not known at synth are accepted', () => {
  const { stack } = environment();
  const named = (id: string) => fn(stack, id, { functionName: Aws.STACK_NAME });
  expect(() => Workload.lambdas({ one: named('A'), two: named('B') })).not.toThrow();
});

test('an imported function is refused', () => {
  const { stack } = environment();
  const imported = lambda.Function.fromFunctionName(stack, 'Imported', 'other') as lambda.Function;
  expect(() => Workload.lambdas({ handler: imported })).toThrow("'handler' is not a function of this microservice");
});

test('a key without a function is refused', () => {
  expect(() => Workload.lambdas({ handler: undefined as unknown as lambda.Function })).toThrow(
    "'handler' is not a function of this microservice",
  );
});

test('a workload outside of an environment is refused', () => {
  const stack = new Stack(new Stage(new App(), 'Stage'), 'Stack');
  expect(() => Workload.lambdas({ handler: fn(stack) })).toThrow(
    "'handler' (Stage/Stack/Handler) is outside of an environment: call Workload.lambdas inside of your Microservice's define(stack)",
  );
});

test('functions of two stacks are refused', () => {
  const { stage, stack } = environment();
  const other = new Stack(stage, 'other');
  expect(() => Workload.lambdas({ one: fn(stack), two: fn(other) })).toThrow(
    "'one' is in stack eu-west-1/service, 'two' in eu-west-1/other: functions that are released together must be in one stack",
  );
});

test('a second workload in the same environment is refused', () => {
  const { stage, stack } = environment();
  Workload.lambdas({ one: fn(stack, 'One') });
  expect(() => Workload.lambdas({ two: fn(new Stack(stage, 'other'), 'Two') })).toThrow(
    'Workload.lambdas() is called a second time in environment eu-west-1 of orders',
  );
});

test("a construct of the team's with the id of ours is refused", () => {
  const { stack } = environment();
  new Construct(stack, 'Workload');
  expect(() => Workload.lambdas({ handler: fn(stack) })).toThrow(
    "Stack eu-west-1/service has a construct 'Workload' already",
  );
});

test('the alias of an unknown function is refused', () => {
  const { stack } = environment();
  const workload = Workload.lambdas({ api: fn(stack, 'A'), worker: fn(stack, 'B') });
  expect(() => workload.alias('apl')).toThrow("alias('apl'): the workload has no function 'apl', only 'api', 'worker'");
});

test.each([
  ['canaryErrorRate', 0],
  ['canaryErrorRate', 100],
  ['waveErrorRate', -1],
  ['waveErrorRate', Number.NaN],
])('%s of %d is refused', (property, value) => {
  const { stack } = environment();
  expect(() => Workload.lambdas({ handler: fn(stack) }, { [property]: value })).toThrow(
    `${property} is ${value}, but must be above 0 and below 100`,
  );
});

test.each([0, 1.5])('minimumInvocations of %d is refused', (minimumInvocations) => {
  const { stack } = environment();
  expect(() => Workload.lambdas({ handler: fn(stack) }, { minimumInvocations })).toThrow(
    `minimumInvocations is ${minimumInvocations}, but must be a whole number of at least 1`,
  );
});
