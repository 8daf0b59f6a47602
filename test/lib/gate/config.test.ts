import fc from 'fast-check';
import type { BudgetPolicyConfig, BudgetSource } from '../../../lib/budget/config';
import type { AnyCheckConfig } from '../../../lib/gate/checks';
import type { GateConfig } from '../../../lib/gate/config';
import { readGateConfig } from '../../../lib/gate/config';

const text = fc.string({ minLength: 1 });
const number = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** `__proto__` is no key that a map of JSON keeps. */
const key = text.filter((each) => each !== '__proto__');
const map = fc.dictionary(key, text);
const regions = maybe(fc.array(text));
const metric = fc.record({ namespace: text, name: text, dimensions: maybe(map), stat: maybe(text) });
const kind = <T extends string>(word: T) => fc.constant(word);

const source: fc.Arbitrary<BudgetSource> = fc.oneof(
  fc.record({ kind: kind('REQUESTS') }),
  fc.record({ kind: kind('LATENCY'), thresholdMs: number }),
  fc.record({ kind: kind('COUNTS'), good: metric, total: metric, regions }),
  fc.record({ kind: kind('UPTIME'), metric, scale: fc.constantFrom(1 as const, 100 as const), regions }),
  fc.record({ kind: kind('APPLICATION_SIGNALS'), sloId: text, regions }),
);
const policy: fc.Arbitrary<BudgetPolicyConfig> = fc.oneof(
  fc.record({ kind: kind('UNTIL_RECOVERED'), windowMinutes: number }),
  fc.record({ kind: kind('UNTIL_RECOVERED_IN_MONTH'), timeZone: text }),
  fc.record({ kind: kind('CARRY_OVER'), timeZone: text, maxBlockMinutes: maybe(number) }),
);
const common = {
  name: text,
  stages: fc.subarray(['Canary', 'Production'] as const),
  inconclusiveBlocks: maybe(fc.boolean()),
  errorBlocks: maybe(fc.boolean()),
};
const check: fc.Arbitrary<AnyCheckConfig> = fc.oneof(
  fc.record({
    ...common,
    kind: kind('ERROR_BUDGET'),
    objective: number,
    source,
    policy,
    warnBelow: maybe(number),
    fastBurn: maybe(number),
    silentMinutes: number,
  }),
  fc.record({
    ...common,
    kind: kind('CADENCE'),
    maxPerDay: maybe(number),
    minimumMinutes: maybe(number),
    timeZone: text,
  }),
  fc.record({ ...common, kind: kind('LOAD_TEST'), parameter: text, configuration: maybe(text) }),
  fc.record({
    ...common,
    kind: kind('READINESS'),
    criteria: fc.array(fc.record({ name: text, description: maybe(text) })),
    prefix: text,
  }),
  fc.record({ ...common, kind: kind('FREEZE'), parameters: fc.array(text) }),
  fc.record({
    ...common,
    kind: kind('OPEN_ALARMS'),
    alarms: fc.array(fc.record({ regions: fc.array(text), names: fc.array(text) })),
  }),
  fc.record({
    ...common,
    kind: kind('CUSTOM'),
    functionName: text,
    parameters: maybe(fc.dictionary(key, fc.string())),
  }),
);
const gate: fc.Arbitrary<GateConfig> = fc.record({
  schema: fc.constant(1 as const),
  service: text,
  production: map,
  checks: fc.uniqueArray(check, { selector: ({ name }) => name, maxLength: 8 }),
  breakGlass: maybe(
    fc.record({ parameter: text, roleName: text, trafficCycleMinutes: number, ownTrafficCycleMinutes: number }),
  ),
});

test('a configuration survives its journey through JSON', () => {
  fc.assert(
    fc.property(gate, (config) => {
      expect(readGateConfig(JSON.stringify(config))).toEqual(config);
    }),
  );
});

const load = { kind: 'LOAD_TEST', name: 'load test', stages: ['Canary'], parameter: '/p' };
const budget = {
  kind: 'ERROR_BUDGET',
  name: 'availability',
  stages: ['Canary'],
  objective: 99.9,
  source: { kind: 'REQUESTS' },
  policy: { kind: 'UNTIL_RECOVERED', windowMinutes: 40_320 },
  silentMinutes: 60,
};
const whole = { schema: 1, service: 'orders', production: { 'eu-west-1': '333333333333' }, checks: [load, budget] };

test('a configuration that is not JSON is refused', () => {
  expect(() => readGateConfig('', 'GATE')).toThrow('GATE must be JSON');
});

test('a missing configuration is refused', () => {
  expect(() => readGateConfig(undefined)).toThrow('GATE is not set: it must hold the configuration of the gate');
});

test.each<[string, object, string]>([
  [
    'another schema',
    { schema: 2 },
    'GATE.schema must be 1, but is 2: the gate and its configuration are of different versions',
  ],
  ['no service', { service: '' }, 'GATE.service must be a text'],
  ['accounts as numbers', { production: { 'eu-west-1': 3 } }, 'GATE.production.eu-west-1 must be a text'],
  ['no checks', { checks: undefined }, 'GATE.checks must be an array'],
  [
    'an unknown kind',
    { checks: [{ ...load, kind: 'MOON' }] },
    'GATE.checks[0].kind must be one of ERROR_BUDGET, CADENCE',
  ],
  ['what every object has as kind', { checks: [{ ...load, kind: 'toString' }] }, 'GATE.checks[0].kind must be one of'],
  ['no name', { checks: [{ ...load, name: undefined }] }, 'GATE.checks[0].name must be a text'],
  ['a name twice', { checks: [load, load] }, 'GATE.checks has two checks that are called "load test"'],
  [
    'an unknown stage',
    { checks: [{ ...load, stages: ['Staging'] }] },
    'checks[0].stages[0] must be one of Canary, Production',
  ],
  [
    'a text as flag',
    { checks: [{ ...load, errorBlocks: 'false' }] },
    'GATE.checks[0].errorBlocks must be true or false',
  ],
  [
    'an unknown source',
    { checks: [{ ...budget, source: { kind: 'X' } }] },
    'GATE.checks[0].source.kind must be one of REQUESTS',
  ],
  [
    'an unknown policy',
    { checks: [{ ...budget, policy: {} }] },
    'GATE.checks[0].policy.kind must be one of UNTIL_RECOVERED',
  ],
  [
    'another scale',
    { checks: [{ ...budget, source: { kind: 'UPTIME', metric: { namespace: 'x', name: 'y' }, scale: 10 } }] },
    'GATE.checks[0].source.scale must be 1 or 100, but is 10',
  ],
  ['no role', { breakGlass: { parameter: '/p', trafficCycleMinutes: 30 } }, 'GATE.breakGlass.roleName must be a text'],
])('%s is refused with its place', (_what, over, message) => {
  expect(() => readGateConfig(JSON.stringify({ ...whole, ...over }))).toThrow(message);
});
