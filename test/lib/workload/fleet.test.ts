import { parseState, type RolloutTask } from '../../../lib/rollout/parse-state';
import { allAnswered, fanOut, type Place } from '../../../lib/workload/fleet';
import { examplePlan } from '../rollout/example';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];

const task = (): RolloutTask =>
  parseState({ rollout: 'canary', executionId: 'e-1', commit: 'c', plan: examplePlan(KEYS) });

const textOf = async ({ name, key }: Place): Promise<string> => `${name}/${key}`;

afterEach(() => jest.restoreAllMocks());

test('every function of the environments is called, with the answers in order', async () => {
  const answers = allAnswered(await fanOut(task(), ['us-east-1', 'eu-west-1'], textOf));
  expect(answers.map(({ value }) => value)).toEqual([
    ...KEYS.map((key) => `us-east-1/${key}`),
    ...KEYS.map((key) => `eu-west-1/${key}`),
  ]);
  expect(answers[0].place.environment).toEqual({
    service: 'orders',
    region: 'us-east-1',
    roleArn: 'arn:aws:iam::333333333333:role/orders-production-us-east-1-rollout',
  });
});

test('a function that does not answer keeps no other from being called, and is named', async () => {
  const asked: string[] = [];
  const answers = await fanOut(task(), ['eu-west-1'], async (place) => {
    asked.push(place.key);
    if (place.key === 'b') throw new RangeError('no');
    return place.key;
  });
  expect(asked).toEqual(KEYS);
  expect(() => allAnswered(answers)).toThrow('eu-west-1/b: RangeError: no');
});

test('a slow environment gets no further calls; the others do', async () => {
  let now = Date.parse('2026-03-02T10:00:00.000Z');
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  const asked: string[] = [];
  const answers = await fanOut(task(), ['eu-west-1'], async ({ key }) => {
    asked.push(key);
    if (key === 'd') now += 46_000;
  });
  expect(asked).toEqual(['a', 'b', 'c', 'd']);
  expect(() => allAnswered(answers)).toThrow('eu-west-1/f: not called, since eu-west-1 took more than 45 s');
});
