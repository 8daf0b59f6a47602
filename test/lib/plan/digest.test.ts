import { accountsOf, type DigestInput, digestOf, regionsOf, wavesOf } from '../../../lib/plan/digest';
import { formatFacts, scheduleFacts } from '../../../lib/plan/schedule-facts';
import { parsePipeline, parseTopology, pipelineJson, topologyText } from '../../../lib/plan/topology';

const OFFICE = { cron: '* 9-16 * * 1-5', timeZone: 'Europe/Berlin' };
const PIPELINE = { account: '111111111111', region: 'us-west-2' };
const PRODUCTION = [
  { account: '222222222222', region: 'us-east-1' },
  { account: '333333333333', region: 'eu-west-1' },
];

const input: DigestInput = {
  service: 'orders',
  pipeline: PIPELINE,
  production: PRODUCTION,
  stagingBakeMinutes: 5,
  trafficCycleMinutes: 1_440,
  waves: [
    { name: 'Wave1', regions: ['eu-west-1'], steps: { percentage: 25, intervalMinutes: 10 }, bakeMinutes: 720 },
    { name: 'Wave2', regions: ['us-east-1'], bakeMinutes: 120, window: OFFICE },
  ],
  blackouts: [],
};
const digest = digestOf(input);

test('a digest has the rollouts in the order in which they run, each after all before it', () => {
  expect(Object.entries(digest.rollouts)).toEqual([
    ['staging', { kind: 'STAGING', environments: ['staging'], observeMinutes: 5, after: [] }],
    ['canary', { kind: 'CANARY', environments: ['us-east-1', 'eu-west-1'], observeMinutes: 1_440, after: ['staging'] }],
    ['Wave1', { kind: 'WAVE', environments: ['eu-west-1'], shiftMinutes: 30, observeMinutes: 720, after: ['canary'] }],
    [
      'Wave2',
      { kind: 'WAVE', environments: ['us-east-1'], observeMinutes: 120, window: OFFICE, after: ['canary', 'Wave1'] },
    ],
  ]);
});

test('a digest keeps the account and region of a place alone', () => {
  const [first, second] = PRODUCTION;
  const traffic = { ...first, trafficShare: 60 };
  expect(digestOf({ ...input, production: [traffic, second] })).toEqual(digest);
});

test('regions, accounts and waves are those of the digest, in its order', () => {
  expect(regionsOf(digest)).toEqual(['us-east-1', 'eu-west-1']);
  expect(Object.entries(accountsOf(digest))).toEqual([
    ['us-east-1', '222222222222'],
    ['eu-west-1', '333333333333'],
  ]);
  expect(wavesOf(digest)).toEqual(['Wave1', 'Wave2']);
});

test('both parameters have the places of a digest, and no times', () => {
  const where = { service: 'orders', pipeline: PIPELINE, production: PRODUCTION };
  expect(parseTopology(topologyText(digest), 'parameter')).toEqual(where);
  const facts = { topology: digest, table: 'ledger', stages: ['Canary'] };
  expect(parsePipeline(JSON.stringify(pipelineJson(facts)), 'parameter').topology).toEqual(where);
});

test('the schedule of a digest has minutes and windows, and no places', () => {
  expect(formatFacts(scheduleFacts(digest))).toBe(
    '{"schema":1,"rollouts":[["canary",1440],["Wave1",750],["Wave2",120,0]],"windows":[["* 9-16 * * 1-5","Europe/Berlin"]],"blackouts":[]}',
  );
});
