import { answerJob } from '../../../lib/gate/answer-job';
import { parseGateRequest } from '../../../lib/gate/request';
import { gateConfig } from '../../gates/ask';
import { GATE_CASES } from '../../gates/cases';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const REQUEST = { stage: 'Canary', executionId: 'e-1', commit: 'c0ffee' };
const WRONG = 'UserParameters.schema must be 1, but is 2: the action and its function are of different versions';

test('the parameters of a gate are read', () => {
  expect(parseGateRequest(JSON.stringify({ schema: 1, ...REQUEST }))).toEqual(REQUEST);
});

test.each([
  [undefined, 'UserParameters must be a text'],
  ['{', 'UserParameters must be JSON'],
  ['[]', 'UserParameters must be an object'],
  [JSON.stringify(REQUEST), 'UserParameters.schema must be 1, but is missing'],
  ['{"schema":2,"stage":"Waves"}', WRONG],
  ['{"schema":1,"stage":"Waves"}', 'UserParameters.stage must be one of Canary, Production'],
])('wrong parameters: %j', (parameters, message) => {
  expect(() => parseGateRequest(parameters)).toThrow(message);
});

test('parameters of another schema block the release, and the gate records nothing', async () => {
  const given = Object.values(GATE_CASES)[0].given(NOW);
  const source = JSON.stringify(gateConfig(given, '222222222222'));
  const userParameters = JSON.stringify({ ...REQUEST, schema: 2 });
  const { answer, gateJob } = await answerJob(source, { id: 'job', userParameters, continuationToken: undefined }, NOW);
  expect(answer).toMatchObject({ passes: false, report: expect.stringContaining(WRONG) });
  expect(gateJob).toBeUndefined();
});
