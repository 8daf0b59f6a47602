import { compose } from '../../../lib/messages/compose';
import { type ReturnedTarget, reasonsOf } from '../../../lib/rollback/return-all';
import { wholeFleet } from '../../helpers/whole-fleet';

const open = (environment: string, key: string, words: string): ReturnedTarget => ({
  environment,
  key,
  state: 'OPEN',
  reason: words,
});

test('the text has each function, with the findings', () => {
  const functions = [open('eu-west-1', 'http', 'serves version 5'), open('us-east-1', 'http', 'serves version 7')];
  expect(reasonsOf(functions)).toBe('eu-west-1/http serves version 5; us-east-1/http serves version 7');
});

test('a long text names every function first: a cut at the end leaves none out', () => {
  const { regions, keys } = wholeFleet();
  const functions = regions.flatMap((region) =>
    keys.map((key) => open(region, key, 'serves version 5 instead of version 4 after deployment d-1: Failed')),
  );
  const why = `the rollback is not complete, production stays held: rolls back: ${reasonsOf(functions)}`;
  const message = { kind: 'ROLLBACK_INCOMPLETE', service: 'orders', executionId: 'e-1', link: '' } as const;
  const { body } = compose({ ...message, commit: 'c0ffee', where: regions, why });
  expect(JSON.parse(body).default).toContain(`not on stable: ${regions.join(', ')}: ${keys.join(', ')}: `);
});
