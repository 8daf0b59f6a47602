import { version } from '../helpers/revisions';
import { slow } from '../helpers/sample';
import { fleetOf } from './fleet';
import { LocalPipeline, type LocalPipelineOptions } from './local-pipeline';
import { planByHand, REGIONS } from './plan';

const PRODUCTION = { account: '222222222222', region: 'eu-west-1' };

let pipeline: LocalPipeline;
afterEach(() => pipeline.close());

async function start(options: Partial<LocalPipelineOptions> = {}): Promise<void> {
  pipeline = await LocalPipeline.start({ plan: planByHand(), ...options });
}

const fleet = () => fleetOf(pipeline);

const calls = (operation: string) => pipeline.world.calls.filter((call) => call.operation === operation);

/** Runs over loopback, as to AWS; all other tests stay in this process. */
describe('a healthy release', () => {
  test('ends on the candidate in every region, and its ledger says so', async () => {
    await start({ loopback: true });
    const results = await pipeline.release('e-1');
    expect(results.filter(({ failed }) => failed)).toEqual([]);
    expect(results.map(({ action }) => action)).toEqual(pipeline.actions);
    expect(fleet()).toEqual({ 2: 1 });
    expect(pipeline.fleet.fleet('STAGING')).toEqual({ 'staging/http': { 2: 1 }, 'staging/queue': { 2: 1 } });
    const { holder, stable, releases } = await pipeline.ledger();
    expect(holder).toMatchObject({ executionId: 'e-1', state: 'FREE', ended: 'COMPLETED', token: 1 });
    expect(stable).toMatchObject({
      executionId: 'e-1',
      revisions: { 'eu-west-1': { http: { revision: version('2') } } },
    });
    const states = ['staging', 'canary', 'Wave1', 'Wave2', 'Wave3'].map((name) => [name, { state: 'PASSED' }]);
    expect(releases['e-1'].rollouts).toMatchObject(Object.fromEntries(states));
  });

  test('probes with the canary’s share, and returns it before the first wave', async () => {
    await start({ loopback: true });
    const seen: unknown[] = [];
    await pipeline.release('e-1', { to: 'publish production' });
    pipeline.clock.inMinutes(15, () => {
      seen.push(fleet());
    });
    await pipeline.runAction('canary', 'e-1');
    expect(seen).toEqual([{ 1: 0.92, 2: 0.08 }]);
    expect(fleet()).toEqual({ 1: 1 });
    const canaries = pipeline.world.codedeploy
      .all(PRODUCTION)
      .filter(({ description }) => description.startsWith(`canary of c0ffee`));
    expect(canaries).toMatchObject([
      { status: 'Stopped', error: { code: 'MANUAL_STOP' }, description: expect.stringContaining('returns by design') },
      { status: 'Stopped' },
    ]);
  });

  test('moves in waves: one region after the other, in steps', async () => {
    await start({ loopback: true });
    const steps = new Set<string>();
    pipeline.onState = (_state, moment) => {
      if (moment === 'before') {
        steps.add(REGIONS.map((region) => pipeline.fleet.shares(region, 'http')['2'] ?? 0).join(' '));
      }
      return undefined;
    };
    await pipeline.release('e-1');
    const waves = [0, 1, 2].flatMap((wave) =>
      [0.25, 0.5, 0.75, 1].map((share) => [0, 1, 2].map((at) => (at < wave ? 1 : at === wave ? share : 0)).join(' ')),
    );
    expect([...steps]).toEqual(['0 0 0', '0.08 0.08 0.08', ...waves]);
  });
});

describe('a release', () => {
  test('shifts nothing if nothing was released before', async () => {
    await start({ released: false });
    const results = await pipeline.release('e-1');
    expect(results.filter(({ failed }) => failed)).toEqual([]);
    expect(fleet()).toEqual({ 1: 1 });
    expect(calls('CreateDeployment')).toEqual([]);
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'COMPLETED' });
  });

  slow('of the same code publishes and shifts nothing', async () => {
    await start();
    pipeline.codeOf = () => 'the same';
    await pipeline.release('e-1');
    const before = calls('CreateDeployment').length;
    const results = await pipeline.release('e-2');
    expect(results.filter(({ failed }) => failed)).toEqual([]);
    expect(calls('CreateDeployment')).toHaveLength(before);
    expect(fleet()).toEqual({ 2: 1 });
  });

  test('moves from the revision of the release before to its own', async () => {
    await start();
    await pipeline.release('e-1');
    await pipeline.release('e-2');
    expect(fleet()).toEqual({ 3: 1 });
    const { holder, stable, releases } = await pipeline.ledger();
    expect(holder).toMatchObject({ executionId: 'e-2', token: 2, ended: 'COMPLETED' });
    expect(stable).toMatchObject({ executionId: 'e-2' });
    expect(releases['e-2'].stables).toMatchObject({ 'eu-west-1': { http: version('2'), queue: version('2') } });
  });
});

describe('one release at a time:', () => {
  slow(
    'a second release that a person lets in is blocked while the first holds production, with the name of the holder',
    async () => {
      await start();
      await pipeline.release('e-1', { to: 'canary' });
      for (const stage of ['UpdatePipeline', 'Canary']) pipeline.transition(stage).enabled = true;
      const results = await pipeline.release('e-2');
      expect(results.at(-1)).toMatchObject({ action: 'acquire', failed: true });
      expect(results.at(-1)?.message).toMatch(/held by release e-1 \(commit c0ffee-e-1\) since 2026-/);
      expect(results.at(-1)?.message).toContain('canary PASSED');
      // The first continues as if nothing had been, and then the second can.
      await pipeline.release('e-1', { from: 'Wave1' });
      expect(fleet()).toEqual({ 2: 1 });
      await pipeline.release('e-2', { from: 'acquire' });
      expect(fleet()).toEqual({ 3: 1 });
    },
  );

  test('a release whose publish failed is taken over, and then does nothing', async () => {
    await start();
    await pipeline.release('e-1', { to: 'acquire' });
    pipeline.world.faults = ({ operation, region }) =>
      operation === 'PublishVersion' && region === 'us-east-1' ? { kind: 'denied' } : undefined;
    const [failed] = await pipeline.release('e-1', { from: 'publish production' });
    expect(failed).toMatchObject({ action: 'publish production', failed: true });
    pipeline.world.faults = () => undefined;

    expect((await pipeline.release('e-2')).filter(({ failed: bad }) => bad)).toEqual([]);
    const { holder, releases } = await pipeline.ledger();
    expect(holder).toMatchObject({ executionId: 'e-2', token: 2, ended: 'COMPLETED' });
    expect(releases['e-1']).toMatchObject({ ended: 'ABANDONED' });
    const served = fleet();
    expect(await pipeline.runAction('canary', 'e-1')).toMatchObject({
      failed: true,
      message: expect.stringMatching(/^Refused/),
    });
    expect(fleet()).toEqual(served);
  });

  slow('a retried action of an old release is refused and touches nothing', async () => {
    await start();
    await pipeline.release('e-1');
    await pipeline.release('e-2');
    const before = [...calls('CreateDeployment'), ...calls('StopDeployment')].length;
    for (const action of ['canary', 'Wave1', 'Wave3']) {
      const retried = await pipeline.runAction(action, 'e-1');
      expect(retried).toMatchObject({ action, failed: true });
      expect(retried.message).toMatch(/^Refused: .*e-1.*e-2/);
    }
    expect([...calls('CreateDeployment'), ...calls('StopDeployment')]).toHaveLength(before);
    expect(fleet()).toEqual({ 3: 1 });
  });

  slow('an old release cannot acquire production again', async () => {
    await start();
    await pipeline.release('e-1');
    await pipeline.release('e-2', { to: 'acquire' });
    const retried = await pipeline.runAction('acquire', 'e-1');
    expect(retried).toMatchObject({ failed: true, message: expect.stringContaining('COMPLETED') });
    expect((await pipeline.ledger()).holder).toMatchObject({ executionId: 'e-2', state: 'HELD' });
  });

  test('a wave does not run before the canary', async () => {
    await start();
    await pipeline.release('e-1', { to: 'publish production' });
    const result = await pipeline.runAction('Wave1', 'e-1');
    expect(result.message).toMatch(/^Refused: .*canary/);
    expect(fleet()).toEqual({ 1: 1 });
  });

  test('a machine that is started twice makes its deployments once, and leaves one revision', async () => {
    await start();
    await pipeline.release('e-1', { to: 'publish production' });
    const twice = await Promise.all([pipeline.rollout('canary', 'e-1', 'a'), pipeline.rollout('canary', 'e-1', 'b')]);
    expect(twice.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(fleet()).toEqual({ 1: 1 });
    const canaries = pipeline.world.codedeploy
      .all(PRODUCTION)
      .filter(({ description }) => description.startsWith('canary'));
    expect(canaries).toHaveLength(2);
  });
});
