import { findParameters, readVersions, writeParameter } from '../../../lib/aws/ssm';
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

const OTHER = '/deployment-pipeline/orders/topology';

test('a found parameter has its value and its ARN; one that does not exist is missing', async () => {
  world.ssm.put(PLACE, NAME, 'one');
  const found = await findParameters(environment, [NAME, OTHER]);
  const arn = `arn:aws:ssm:${PLACE.region}:${PLACE.account}:parameter${NAME}`;
  expect([...found]).toEqual([[NAME, { value: 'one', arn }]]);
});

test('an empty answer finds no parameter', async () => {
  world.faults = ({ service }) => (service === 'ssm' ? garbled : undefined);
  expect([...(await findParameters(environment, [NAME]))]).toEqual([]);
});

describe("in the handler's own account and region", () => {
  type Ssm = typeof import('../../../lib/aws/ssm');
  let own: Ssm;

  beforeEach(() => {
    // The client is kept for as long as the module lives, and each world has an address of its own.
    jest.resetModules();
    own = require('../../../lib/aws/ssm') as Ssm;
  });

  test('parameters are read with their versions, batch after batch', async () => {
    const names = Array.from({ length: 12 }, (_each, index) => `/orders/${index}`);
    for (const name of names.slice(1)) world.ssm.put(PIPELINE, name, `value of ${name}`);
    const found = await own.readOwnParameters(names);
    expect([...found.keys()]).toEqual(names.slice(1));
    expect(found.get('/orders/11')).toEqual({
      value: 'value of /orders/11',
      version: 1,
      modifiedAt: new Date(world.clock.now()).toISOString(),
    });
    expect(world.calls.filter(({ operation }) => operation === 'GetParameters')).toHaveLength(2);
  });

  test('the writer of the latest version is read, page after page', async () => {
    for (let value = 1; value <= 60; value++) world.ssm.put(PIPELINE, NAME, String(value), `arn:of:${value}`);
    expect(await own.readWithAuthor(NAME)).toMatchObject({ value: '60', version: 60, modifiedBy: 'arn:of:60' });
    expect(await own.readWithAuthor(OTHER)).toBeUndefined();
  });

  test.each<[what: string, body: string, read: (ssm: Ssm) => Promise<unknown>, error: string]>([
    ['parameters', '{}', ({ readOwnParameters }) => readOwnParameters([NAME]), `did not return ${NAME}`],
    ['a writer', '{}', ({ readWithAuthor }) => readWithAuthor(NAME), `gave an empty answer about ${NAME}`],
    [
      'versions',
      '{"Parameters":[]}',
      ({ readWithAuthor }) => readWithAuthor(NAME),
      `did not return the value of ${NAME}`,
    ],
  ])('an answer without %s is not "there is none"', async (_what, body, read, error) => {
    world.faults = ({ service }) => (service === 'ssm' ? { kind: 'garbled', body } : undefined);
    await expect(read(own)).rejects.toThrow(`Systems Manager ${error}`);
  });
});
