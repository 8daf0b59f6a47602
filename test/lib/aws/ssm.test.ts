import { readVersions, writeParameter } from '../../../lib/aws/ssm';
import type { Fault } from '../../local-aws/call';
import { World } from '../../local-aws/world';

const PIPELINE = { account: '111111111111', region: 'us-west-2' };
const PLACE = { account: '333333333333', region: 'eu-west-1' };
const ROLE = 'arn:aws:iam::333333333333:role/orders-production-eu-west-1-rollout';
const NAME = '/deployment-pipeline/orders/production/http/stable';

let world: World;
let environment: { readonly service: string; readonly region: string; readonly roleArn: string };
let runs = 0;
const variables = process.env;

beforeEach(async () => {
  world = await World.start();
  world.sts.addRole(ROLE, [PIPELINE.account]);
  process.env = { ...variables, ...world.environmentOf(PIPELINE) };
  environment = { service: `ssm${++runs}`, region: PLACE.region, roleArn: ROLE };
});
afterEach(async () => {
  process.env = variables;
  await world.close();
});

const garbled: Fault = { kind: 'garbled', body: '{}' };

test('a parameter that does not exist has no versions', async () => {
  expect(await readVersions(environment, NAME)).toEqual([]);
});

test('each write is a version, in the account and region of its environment', async () => {
  await writeParameter(environment, NAME, 'one');
  await writeParameter(environment, NAME, 'two');
  expect(await readVersions(environment, NAME)).toEqual(['one', 'two']);
  expect(world.ssm.get(PLACE, NAME)).toBe('two');
  expect(world.ssm.get(PIPELINE, NAME)).toBeUndefined();
});

test('all versions that Systems Manager keeps are read, page after page', async () => {
  for (let value = 1; value <= 120; value++) world.ssm.put(PLACE, NAME, String(value));
  const values = await readVersions(environment, NAME);
  expect([values.length, values[0], values.at(-1)]).toEqual([100, '21', '120']);
});

test('an empty answer is neither "no versions" nor "written"', async () => {
  world.faults = ({ service }) => (service === 'ssm' ? garbled : undefined);
  await expect(readVersions(environment, NAME)).rejects.toThrow(
    'SSM in eu-west-1 gave an empty answer about /deployment',
  );
  await expect(writeParameter(environment, NAME, 'one')).rejects.toThrow('did not confirm that it wrote');
});
