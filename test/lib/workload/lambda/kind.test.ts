import { kindOf } from '../../../../lib/workload/kinds/kinds';
import { lambdaKind } from '../../../../lib/workload/lambda/kind';
import { published, version } from '../../../helpers/revisions';

const API = published('orders-api-X', '7');

test('Lambda is found by its name, and another kind is an error that lists the kinds', () => {
  expect(kindOf('LAMBDA')).toBe(lambdaKind);
  expect(() => kindOf('ECS')).toThrow('kind must be LAMBDA, but is "ECS"');
});

describe('a published revision', () => {
  test('is a version behind an alias', () => {
    expect(() => lambdaKind.check(API, 'parameter p')).not.toThrow();
  });

  test.each([
    ['no published version', published('f', '$LATEST'), 'parameter p.revision.version must be the number'],
    ['no function', published('', '7'), 'parameter p.address.functionName must be a text'],
    ['a revision of another kind', { ...API, revision: { kind: 'ECS' } }, 'parameter p.revision.kind must be LAMBDA'],
  ])('%s is an error', (_name, wrong, message) => {
    expect(() => lambdaKind.check(wrong, 'parameter p')).toThrow(message);
  });
});

test('the plan of a function is made of the names of its service and itself', () => {
  expect(lambdaKind.plan('orders', 'PRODUCTION', 'api')).toEqual({
    kind: 'LAMBDA',
    application: 'orders-production-api',
    deploymentGroup: 'orders-production-api',
    parameter: '/deployment-pipeline/orders/production/api',
    neverPromoteHook: 'orders-production-never-promote',
  });
});

test('a person names a version by its number', () => {
  expect(lambdaKind.named('7', 'http')).toEqual(version('7'));
  expect(() => lambdaKind.named('live', 'http')).toThrow('http.version must be the number of a published version');
});

describe('metrics', () => {
  const dimensions = { FunctionName: 'orders-api-X', Resource: 'orders-api-X:live' };

  test('of its requests are those of its alias', () => {
    expect(lambdaKind.requests(API)).toEqual([
      { metric: { namespace: 'AWS/Lambda', name: 'Invocations', dimensions, stat: 'Sum' }, counts: 'TOTAL' },
      { metric: { namespace: 'AWS/Lambda', name: 'Errors', dimensions, stat: 'Sum' }, counts: 'BAD' },
      { metric: { namespace: 'AWS/Lambda', name: 'Throttles', dimensions, stat: 'Sum' }, counts: 'TOTAL_AND_BAD' },
    ]);
  });

  test('of one revision are those of its version behind the alias', () => {
    const own = { ...dimensions, ExecutedVersion: '8' };
    expect(lambdaKind.requests(API, version('8')).map(({ metric }) => metric.dimensions)).toEqual([own, own, own]);
    expect(lambdaKind.latency(API, 300, version('8')).map(({ metric }) => metric.dimensions)).toEqual([own, own]);
  });

  test('of its latency count the requests that took no longer', () => {
    expect(lambdaKind.latency(API, 300).map(({ metric, counts }) => [metric.name, metric.stat, counts])).toEqual([
      ['Duration', 'SampleCount', 'TOTAL'],
      ['Duration', 'TC(:300)', 'GOOD'],
    ]);
  });
});
