import { fixedMessages } from '../../../lib/rollout/fixed-messages';
import { wholeFleet } from '../../helpers/whole-fleet';
import { examplePlan } from './example';

const MACHINE = 'arn:aws:states:us-west-2:111111111111:stateMachine:orders-rollout';

test('the message of a rollback that could not run names every function of production', () => {
  const { rollbackFailed } = fixedMessages(examplePlan(), MACHINE);
  expect(rollbackFailed.reason).toMatch(
    /It is therefore unknown what eu-west-1\/api, eu-west-1\/worker, us-east-1\/api, us-east-1\/worker serve/,
  );
  expect(rollbackFailed.message.body).toContain('us-east-1/worker');
});

test('the text has every function of the largest fleet, too', () => {
  const { regions, keys } = wholeFleet();
  const { environments } = examplePlan();
  const targets = Object.fromEntries(keys.map((key) => [key, environments['eu-west-1'].targets.api]));
  const environment = { ...environments['eu-west-1'], targets };
  const plan = { service: 'orders', environments: Object.fromEntries(regions.map((name) => [name, environment])) };
  const { default: text } = JSON.parse(fixedMessages(plan, MACHINE).rollbackFailed.message.body);
  expect(text).toContain(`what ${regions.join(', ')}: ${keys.join(', ')} serve.`);
});
