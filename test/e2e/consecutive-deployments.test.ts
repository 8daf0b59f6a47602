import type { RolloutPlan } from '../../lib/plan/rollout-plan';
import { HISTORY_BUDGET } from '../../lib/rollout/history';
import { slow } from '../helpers/sample';
import { LocalPipeline } from './local-pipeline';
import { planByHand } from './plan';

const DAY = 24 * 60;
const REGION = { account: '222222222222', region: 'eu-west-1' };

let pipeline: LocalPipeline;
afterEach(() => pipeline.close());

const start = async (plan: RolloutPlan) => {
  pipeline = await LocalPipeline.start({ plan });
};

/** A plan of one function in one region, because a watch in every minute of several days takes a while. */
function smallPlan(canary: number): RolloutPlan {
  const { environments, rollouts, ...plan } = planByHand({ canary });
  const { staging, 'eu-west-1': production } = environments;
  const onlyHttp = ({ targets, ...rest }: typeof staging) => ({ ...rest, targets: { http: targets.http } });
  const only = (rollout: (typeof rollouts)[string], name: string) => {
    const { deploymentConfig, alarms } = rollout.environments[name];
    return { ...rollout, environments: { [name]: { deploymentConfig, alarms: { http: alarms.http } } } };
  };
  return {
    ...plan,
    environments: { staging: onlyHttp(staging), 'eu-west-1': onlyHttp(production) },
    rollouts: {
      staging: only(rollouts.staging, 'staging'),
      canary: only(rollouts.canary, 'eu-west-1'),
      Wave2: { ...only(rollouts.Wave2, 'eu-west-1'), after: ['canary'] },
    },
  };
}

/** Share of the candidate of `http` in eu-west-1. */
const share = (): number => pipeline.fleet.shares('eu-west-1', 'http')['2'] ?? 0;

/** Deployments of `http` in a region that carried the candidate, oldest first. */
const carriers = (what: string, region = REGION) =>
  pipeline.world.codedeploy
    .all(region)
    .filter(({ description, group }) => description.startsWith(what) && group.name.endsWith('http'));

/** Calls `each` before every round of the watch. */
function atEveryRound(each: () => void): void {
  pipeline.onState = (state, moment) => {
    if (state === 'Watch' && moment === 'before') each();
    return undefined;
  };
}

/** Ends the running deployment of the region after so many minutes of the rollout, once by default. */
function endAfter(minutes: number, code: string, what: string, times = 1): void {
  let ended = 0;
  let next = 0;
  atEveryRound(() => {
    const running = carriers(what).find(({ status }) => status === 'InProgress');
    if (!running || ended === times) return;
    next ||= pipeline.clock.now() + minutes * 60_000;
    if (pipeline.clock.now() < next) return;
    pipeline.world.codedeploy.failDeployment(running, code, 'by itself');
    ended++;
    next = 0;
  });
}

// Days of minutes take long on a busy machine.
jest.setTimeout(400_000);

describe('a traffic cycle of six days', () => {
  slow('runs in consecutive deployments, is observed for six days in all, and passes', async () => {
    await start(smallPlan(6 * DAY));
    await pipeline.release('e-1', { to: 'publish production' });
    let observed = 0;
    atEveryRound(() => {
      if (share() === 0.08) observed++;
    });
    const began = pipeline.clock.now();
    const canary = await pipeline.runAction('canary', 'e-1');
    expect(canary).toMatchObject({ failed: false });
    expect(observed).toBeGreaterThanOrEqual(6 * DAY - 5);
    const took = (pipeline.clock.now() - began) / 60_000;
    expect(took).toBeGreaterThanOrEqual(6 * DAY);
    // CodePipeline waits for seven days.
    expect(took).toBeLessThan(6 * DAY + 60);
    expect(carriers('canary of').map(({ status, error }) => [status, error?.code])).toEqual(
      Array.from({ length: 4 }, () => ['Stopped', 'MANUAL_STOP']),
    );
    expect(share()).toBe(0);
    const { machine } = canary;
    expect(Math.max(machine?.events ?? 0, ...(machine?.legs ?? []))).toBeLessThan(HISTORY_BUDGET);
    const { releases } = await pipeline.ledger();
    expect(releases['e-1'].rollouts).toMatchObject({ canary: { state: 'PASSED', attempt: 4 } });
  });

  slow('is rolled back in its second deployment as it would be in its first', async () => {
    await start(smallPlan(50 * 60));
    pipeline.clock.inMinutes(48 * 60, () =>
      pipeline.fleet.alarm('eu-west-1', 'orders-production-http-canary-errors', 'ALARM', 'errors 7 % > 1 %'),
    );
    const results = await pipeline.release('e-1');
    expect(results.at(-1)).toMatchObject({ action: 'canary', failed: true });
    expect(results.at(-1)?.message).toContain('errors 7 % > 1 %');
    expect(Object.values(pipeline.fleet.fleet('PRODUCTION')).every((shares) => shares['1'] === 1)).toBe(true);
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
  });

  slow('continues under two machines of the same canary', async () => {
    await start(smallPlan(50 * 60));
    await pipeline.release('e-1', { to: 'publish production' });
    const both = await Promise.all([
      pipeline.rollout('canary', 'e-1'),
      pipeline.rollout('canary', 'e-1', 'the second one'),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(carriers('canary of')).toHaveLength(2);
    expect(share()).toBe(0);
  });
});

describe('a deployment that CodeDeploy ends by itself', () => {
  test('in the canary is started again, and the whole traffic cycle is observed', async () => {
    await start(planByHand({ canary: 60 }));
    endAfter(30, 'INTERNAL_ERROR', 'canary of');
    const began = pipeline.clock.now();
    const results = await pipeline.release('e-1');
    expect(results.filter(({ failed }) => failed)).toEqual([]);
    expect(carriers('canary of').map(({ error }) => error?.code)).toEqual(['INTERNAL_ERROR', 'MANUAL_STOP']);
    // The other regions' canaries were not disturbed.
    expect(carriers('canary of', { ...REGION, region: 'us-east-1' })).toHaveLength(1);
    expect(pipeline.clock.now() - began).toBeGreaterThan(60 * 60_000);
  });

  test('in a wave is started again, and the release completes', async () => {
    await start(planByHand({ canary: 20 }));
    endAfter(3, 'THROTTLED', 'wave Wave2');
    const results = await pipeline.release('e-1');
    expect(results.filter(({ failed }) => failed)).toEqual([]);
    expect(carriers('wave Wave2').map(({ status }) => status)).toEqual(['Failed', 'Succeeded']);
    expect(share()).toBe(1);
  });

  test('a second time rolls the release back', async () => {
    await start(planByHand({ canary: 60 }));
    endAfter(5, 'INTERNAL_ERROR', 'canary of', 2);
    const results = await pipeline.release('e-1');
    expect(results.at(-1)).toMatchObject({ action: 'canary', failed: true });
    expect(results.at(-1)?.message).toContain('was started 2 times, and CodeDeploy ended it every time');
    expect(share()).toBe(0);
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
  });
});
