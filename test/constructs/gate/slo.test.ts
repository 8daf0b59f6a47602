import { Duration, Lazy, Token } from 'aws-cdk-lib';
import { GateCheck, Slo, SloSource } from '../../../constructs';

describe('an objective', () => {
  test.each([0, 100, 100.1, -1, Number.NaN])('of %d %% is refused', (objective) => {
    expect(() => Slo.availability(objective)).toThrow(
      `Slo.availability: objective is ${objective}, but must be above 0 and below 100`,
    );
    expect(() => Slo.latency(objective, Duration.millis(300))).toThrow('Slo.latency: objective is');
    expect(() => Slo.applicationSignals(objective, 'orders-slo')).toThrow('Slo.applicationSignals: objective is');
  });

  test('that is a token is refused: names are made of it', () => {
    expect(() => Slo.availability(Token.asNumber({ Ref: 'Objective' }))).toThrow('objective is a token');
  });

  test('of availability is measured by the workload, unless it says otherwise', () => {
    expect(Slo.availability(99.99)).toMatchObject({ _name: 'availability 99.99', _source: { kind: 'REQUESTS' } });
  });

  test('of latency has a threshold in milliseconds', () => {
    expect(Slo.latency(99, Duration.seconds(1.5))).toMatchObject({
      _name: 'latency 99 in 1500 ms',
      _source: { kind: 'LATENCY', thresholdMs: 1_500 },
    });
  });

  test.each([Duration.millis(0), Duration.minutes(16)])('of latency in %s is refused', (threshold) => {
    expect(() => Slo.latency(99, threshold)).toThrow(
      `threshold is ${threshold.toMilliseconds()} ms, but must be 1–900000`,
    );
  });

  test('of latency in a token is refused', () => {
    const threshold = Duration.millis(Lazy.number({ produce: () => 300 }));
    expect(() => Slo.latency(99, threshold)).toThrow('threshold is a token');
  });

  test.each(['', 'x', 'a/b', 'x'.repeat(129)])('of Application Signals with the name %j is refused', (name) => {
    expect(() => Slo.applicationSignals(99.9, name)).toThrow('but must be the name of an SLO');
  });

  test('of Application Signals with a long name gets a shorter one, as a check needs', () => {
    const name = `${'x'.repeat(41)} ${'y'.repeat(20)}`;
    expect(Slo.applicationSignals(99.9, name)).toMatchObject({
      _name: `signals ${'x'.repeat(41)}`,
      _source: { sloId: name },
    });
    expect(() => GateCheck.errorBudget(Slo.applicationSignals(99.9, name))).not.toThrow();
  });
});

describe('a source', () => {
  const good = { namespace: 'Acme', metricName: 'Good', dimensions: { Service: 'orders' } };
  const total = { namespace: 'Acme', metricName: 'Total' };

  test('of counts names two metrics', () => {
    expect(SloSource.counts({ good, total })._source).toEqual({
      kind: 'COUNTS',
      good: { namespace: 'Acme', name: 'Good', dimensions: { Service: 'orders' } },
      total: { namespace: 'Acme', name: 'Total' },
    });
  });

  test('of an uptime says whether its points are percentages, and where they are', () => {
    const canary = { namespace: 'CloudWatchSynthetics', metricName: 'SuccessPercent' };
    expect(SloSource.uptime({ ...canary, percentage: true, regions: ['us-east-1'] })._source).toEqual({
      kind: 'UPTIME',
      metric: { namespace: 'CloudWatchSynthetics', name: 'SuccessPercent' },
      scale: 100,
      regions: ['us-east-1'],
    });
    expect(SloSource.uptime(total)._source).toMatchObject({ scale: 1 });
  });

  test('without a metric is refused', () => {
    expect(() => SloSource.counts({ good, total: { namespace: 'Acme', metricName: ' ' } })).toThrow(
      'SloSource.counts: total.metricName is " ", but must name a metric',
    );
  });

  test('without anything is refused, too', () => {
    expect(() => SloSource.counts({} as Parameters<typeof SloSource.counts>[0])).toThrow(
      'SloSource.counts: good.namespace is undefined, but must name a metric',
    );
  });

  test('that averages counts is refused', () => {
    expect(() => SloSource.counts({ good, total: { ...total, statistic: 'Average' } })).toThrow(
      'SloSource.counts: total.statistic is "Average", which counts nothing',
    );
  });

  test('of a synthetic canary without percentage: true is refused', () => {
    expect(() => SloSource.uptime({ namespace: 'CloudWatchSynthetics', metricName: 'SuccessPercent' })).toThrow(
      'SloSource.uptime: percentage is false',
    );
  });

  test('in an unknown region is refused', () => {
    expect(() => SloSource.counts({ good, total, regions: ['us-east1'] })).toThrow(
      'SloSource.counts: regions has "us-east1", but must name regions',
    );
  });

  test('in no region is refused', () => {
    expect(() => SloSource.counts({ good, total, regions: [] })).toThrow('regions is empty');
  });
});
