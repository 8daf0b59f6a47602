import type { Outcome } from '../../../lib/rollout/state';
import { published, version } from '../../helpers/revisions';
import { RELEASE, ReleaseWorld } from './release-world';

/** The release before went to two regions; since then us-east-1 has been taken out of `regions`. */
let world: ReleaseWorld;
beforeEach(async () => {
  world = await ReleaseWorld.start();
  const { environments, rollouts, ...rest } = world.plan;
  const { 'us-east-1': _removed, ...kept } = environments;
  const smaller = Object.entries(rollouts).flatMap(([name, { environments: all, after, ...rollout }]) => {
    const { 'us-east-1': _gone, ...left } = all;
    return Object.keys(left).length > 0 ? [[name, { ...rollout, after, environments: left }] as const] : [];
  });
  Object.assign(world, { plan: { ...rest, environments: kept, rollouts: Object.fromEntries(smaller) } });
  const revision = published('orders-production-api', '1');
  const revisions = { 'eu-west-1': { api: revision }, 'us-east-1': { api: revision } };
  await world.put({
    pk: 'stable',
    executionId: 'e-0',
    commit: 'before',
    at: world.world.clock.iso(),
    revisions,
    recent: [],
    token: 0,
  });
  await world.ready();
});
afterEach(() => world.close());

/** Calls of the handlers to the removed region. */
const callsThere = () => world.world.calls.filter(({ region }) => region === 'us-east-1');

test('a removed region is neither read nor shifted, and keeps its revisions', async () => {
  const before = callsThere().length;
  const started = await world.until('start', 'canary');
  expect(Object.keys(started.deployments ?? {})).toEqual(['eu-west-1']);
  expect((await world.ledger.release(RELEASE))?.stables).toEqual({
    'eu-west-1': { api: version('1'), worker: version('1') },
  });
  expect(callsThere()).toHaveLength(before);
});

test('a rollback names the remaining regions, and completes without the removed one', async () => {
  const started = await world.until('start', 'canary');
  await world.world.clock.advance(1);
  const before = callsThere().length;
  const bad: Outcome = { ...started, next: 'ROLLBACK', reason: 'errors 7 % > 1 %' };
  expect(await world.until('rollback', 'canary', bad)).toMatchObject({
    next: 'DONE',
    error: 'RolledBack',
    reason: 'rolled back to commit before in eu-west-1: errors 7 % > 1 %',
  });
  expect(callsThere()).toHaveLength(before);
});
