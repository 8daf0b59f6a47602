import { parsePipeline, parseTopology, pipelineJson, type Topology, topologyText } from '../../../lib/plan/topology';

const topology: Topology = {
  service: 'orders',
  pipeline: { account: '111111111111', region: 'us-west-2' },
  production: [{ account: '222222222222', region: 'eu-west-1' }],
  targets: { http: 'LAMBDA', queue: 'LAMBDA' },
};

const targetsOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`.padEnd(32, 'x'), 'LAMBDA']));

test('a published topology can be read again', () => {
  expect(parseTopology(topologyText(topology), 'parameter')).toEqual(topology);
  const { targets: _none, ...withoutTargets } = topology;
  const facts = { topology: withoutTargets, table: 'ledger', stages: ['UpdatePipeline', 'Canary'] };
  expect(parsePipeline(JSON.stringify(pipelineJson(facts)), 'parameter')).toEqual(facts);
});

test('48 regions with 12 targets of the longest keys fit', () => {
  const production = Array.from({ length: 48 }, (_, at) => ({ account: '222222222222', region: `ap-southeast-${at}` }));
  const targets = targetsOf(12);
  expect(topologyText({ ...topology, production, targets }).length).toBeLessThan(2_048);
});

test('a topology that does not fit is an error that says what to change', () => {
  const targets = targetsOf(200);
  expect(() => topologyText({ ...topology, targets })).toThrow(
    /^Parameter \/deployment-pipeline\/orders\/topology has \d+ characters, but .* takes 4096: 1 production regions and 200 targets\. Give/,
  );
});

test.each([
  ['not JSON', 'must be JSON'],
  ['{"schema":2}', 'parameter.schema must be 1, but is 2: use the version of the pipeline'],
  [
    '{"schema":1,"service":"orders","pipeline":"111111111111/us-west-2","production":[],"targets":{"ECS":["http"]}}',
    'kind of parameter.targets must be LAMBDA, but is "ECS"',
  ],
  ['{"schema":1,"service":"orders","pipeline":"us-west-2","production":[]}', 'must be <account>/<region>'],
  ['{"schema":1,"service":"orders","pipeline":"111111111111/us-west-2"}', 'parameter.production must be an array'],
])('wrong: %s', (text, message) => {
  expect(() => parseTopology(text, 'parameter')).toThrow(message);
});
