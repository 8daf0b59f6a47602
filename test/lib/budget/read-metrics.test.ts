import { sampling } from '../../../lib/budget/periods';
import type { readBudgetReport } from '../../../lib/budget/read-budget-report';
import type { readMetrics } from '../../../lib/budget/read-metrics';
import { World } from '../../local-aws/world';

const PLACE = { account: '333333333333', region: 'eu-west-1' };
const METRIC = { namespace: 'Acme', name: 'Requests', dimensions: { Service: 'orders' }, stat: 'Sum' };
const DAY = 24 * 3_600_000;

describe('reading metrics', () => {
  let world: World;
  const before = { ...process.env };
  const environment = { service: 'orders', region: PLACE.region };

  beforeEach(async () => {
    world = await World.start();
    Object.assign(process.env, world.environmentOf(PLACE));
    // Clients are kept for as long as the module lives, and each world has an address of its own.
    jest.resetModules();
  });
  afterEach(async () => {
    process.env = { ...before };
    await world.close();
  });

  const read = async (days: number, metrics = [METRIC]) => {
    const { readMetrics: fresh } = require('../../../lib/budget/read-metrics') as { readMetrics: typeof readMetrics };
    const now = world.clock.now();
    const counted = metrics.map((metric) => ({ metric, counts: 'TOTAL' as const }));
    return fresh(environment, counted, sampling(now - days * DAY, now, metrics.length), now);
  };

  test('adds up the values of a period, and leaves out a period without any', async () => {
    const now = world.clock.now();
    world.cloudwatch.metrics.record(PLACE, METRIC, now - 3 * DAY, 5);
    world.cloudwatch.metrics.record(PLACE, METRIC, now - 3 * DAY + 1_000, 7);
    expect(await read(10)).toEqual([[[now - 3 * DAY, 12]]]);
    expect(await read(2)).toEqual([[]]);
  });

  test('finds points older than 15 and than 63 days, in the periods that CloudWatch keeps', async () => {
    const now = world.clock.now();
    for (const days of [1, 20, 70]) world.cloudwatch.metrics.record(PLACE, METRIC, now - days * DAY, days);
    const [points] = await read(100);
    expect(points.map(([, value]) => value)).toEqual([70, 20, 1]);
  });

  test('reads all metrics in one call', async () => {
    await read(28, [METRIC, { ...METRIC, name: 'Errors' }]);
    expect(world.calls.filter(({ operation }) => operation === 'GetMetricData')).toHaveLength(1);
  });

  test('reads all pages', async () => {
    const now = world.clock.now();
    const metrics = [METRIC, { ...METRIC, name: 'Errors' }];
    for (const metric of metrics) {
      for (let hour = 1; hour <= 10; hour++)
        world.cloudwatch.metrics.record(PLACE, metric, now - hour * 3_600_000, hour);
    }
    world.cloudwatch.metrics.mostPoints = 3;
    const found = await read(1, metrics);
    expect(found.map((points) => points.map(([, value]) => value))).toEqual([
      [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
      [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
    ]);
    expect(world.calls.filter(({ operation }) => operation === 'GetMetricData')).toHaveLength(7);
  });

  test.each([
    ['an empty answer', '{}', 'gave an empty answer'],
    [
      'a part that CloudWatch may not read',
      '{"MetricDataResults":[{"Id":"m0","StatusCode":"Forbidden"}]}',
      'gave an incomplete answer (Forbidden)',
    ],
    ['nothing about a metric', '{"MetricDataResults":[]}', 'gave an incomplete answer about 1 of 1 metrics'],
    [
      'a part and no more pages',
      '{"MetricDataResults":[{"Id":"m0","StatusCode":"PartialData","Timestamps":[],"Values":[]}]}',
      'gave an incomplete answer about 1 of 1 metrics',
    ],
    [
      'values without times',
      '{"MetricDataResults":[{"Id":"m0","StatusCode":"Complete","Values":[1]}]}',
      'gave an incomplete answer',
    ],
  ])('is an error with %s', async (_what, body, message) => {
    world.faults = ({ operation }) => (operation === 'GetMetricData' ? { kind: 'garbled', body } : undefined);
    await expect(read(1)).rejects.toThrow(message);
  });

  test('reads the budget of an SLO', async () => {
    world.applicationSignals.put(PLACE, 'orders', {
      BudgetStatus: 'BREACHED',
      Attainment: 99.8,
      Goal: { AttainmentGoal: 99.9 },
      TotalBudgetRequests: 1_000,
      BudgetRequestsRemaining: -500,
    });
    const fresh = (require('../../../lib/budget/read-budget-report') as { readBudgetReport: typeof readBudgetReport })
      .readBudgetReport;
    expect(await fresh(environment, 'orders', world.clock.now())).toEqual({
      region: 'eu-west-1',
      status: 'BREACHED',
      attainment: 99.8,
      goal: 99.9,
      total: 1_000,
      remaining: -500,
    });
    expect(await fresh(environment, 'unknown', world.clock.now())).toEqual({
      region: 'eu-west-1',
      error: 'ResourceNotFoundException: The SLO unknown does not exist',
    });
  });
});
