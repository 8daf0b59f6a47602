import type { Call } from '../local-aws/call';
import { Injector } from './injector';
import { kindNamed } from './kinds';
import type { Site } from './site';

const SITE: Site = {
  action: 'canary',
  caller: 'start',
  operation: 'lambda:GetAlias',
  about: '',
  region: 'eu-west-1',
  nth: 1,
};

const call = (at: number, overrides: Partial<Call> = {}): Call => ({
  service: 'lambda',
  operation: 'GetAlias',
  region: 'eu-west-1',
  account: '1',
  principal: 'role',
  caller: 'start',
  invocation: '',
  input: {},
  at: at * 1_000,
  ...overrides,
});

/** Marks the calls that go wrong, all in the canary. */
function wrong(kind: string, calls: readonly Call[], site = SITE): readonly boolean[] {
  const injector = new Injector(site, kindNamed(kind), () => 0);
  return calls.map((each) => injector.onCall(each, 'canary') !== undefined);
}

test('a fault that occurs once meets only the first request at its site', () => {
  const others = [
    call(0, { caller: 'watch' }),
    call(0, { operation: 'ListAliases' }),
    call(0, { region: 'us-east-1' }),
  ];
  expect(wrong('throttled once', [...others, call(0), call(0), call(60)])).toEqual([
    false,
    false,
    false,
    true,
    false,
    false,
  ]);
});

test('the second of two identical calls is a site of its own', () => {
  expect(wrong('5xx once', [call(0), call(0), call(0)], { ...SITE, nth: 2 })).toEqual([false, true, false]);
});

test('a time-out meets all attempts of one call, and no other call', () => {
  const [it, other, next] = ['a', 'b', 'c'].map((invocation) => ({ invocation }));
  const calls = [call(0, it), call(0, other), call(0, it), call(0, other), call(1, it), call(60, next)];
  expect(wrong('times out, no effect', calls)).toEqual([true, false, true, false, true, false]);
});

test('throttling lasts ten minutes for every caller of the operation in the region', () => {
  const calls = [call(0), call(60, { caller: 'watch' }), call(60, { region: 'us-east-1' }), call(599), call(600)];
  expect(wrong('throttled for 10 min', calls)).toEqual([true, true, false, true, false]);
});

test('a denied permission stays denied for all handlers of the role, and for no other', () => {
  const calls = [call(0), call(9_999, { caller: 'rollback' }), call(9_999, { caller: 'publish' })];
  expect(wrong('access denied for good', calls)).toEqual([true, true, false]);
});

test('no fault meets a call in another action', () => {
  const injector = new Injector(SITE, kindNamed('throttled once'), () => 0);
  expect(injector.onCall(call(0), 'Wave1')).toBeUndefined();
  expect(injector.wasMet).toBe(false);
});
