import { type ReturnedFunction, reasonsOf } from '../../../lib/aws/return-all';

const open = (environment: string, key: string, words: string): ReturnedFunction => ({
  environment,
  key,
  state: 'OPEN',
  reason: `${environment}/${key} ${words}`,
});

test('says of each function what was found', () => {
  const functions = [open('eu-west-1', 'http', 'serves version 5'), open('us-east-1', 'http', 'serves version 7')];
  expect(reasonsOf(functions)).toBe('eu-west-1/http serves version 5; us-east-1/http serves version 7');
});

test('names every function first when there is much to say: whoever cuts the end leaves none out', () => {
  const regions = Array.from({ length: 20 }, (_, index) => `region-${index + 1}`);
  const functions = regions.flatMap((region) =>
    ['http', 'queue'].map((key) =>
      open(region, key, 'serves version 5 instead of version 4 after deployment d-1: Failed'),
    ),
  );
  const shown = reasonsOf(functions).slice(0, 1_000);
  expect(functions.filter(({ environment, key }) => !shown.includes(`${environment}/${key}`))).toEqual([]);
});
