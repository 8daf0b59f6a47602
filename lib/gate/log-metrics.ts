import { GATE_METRICS } from '../plan/names';
import type { GateConfig } from './config';
import type { Judged } from './report';
import type { GateRequest } from './request';

interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Percent';
  readonly value: number;
}

/**
 * Writes a metric line for the gate and one for each of its checks. CloudWatch Logs turns these lines into metrics,
 * without a call, a permission, or anything that could fail.
 */
export function logMetrics(
  { service }: Pick<GateConfig, 'service'>,
  { stage, executionId, commit }: GateRequest,
  judged: readonly Judged[],
  now: number,
): void {
  const release = { executionId, commit };
  const blocked = judged.some((each) => each.blocks);
  write({ Service: service, Gate: stage }, [count('Blocked', blocked)], release, now);
  for (const { finding, blocks } of judged) {
    const { check, verdict, reason, budgetLeft, measured, limit, since, until } = finding;
    const left: Metric[] = budgetLeft === undefined ? [] : [{ name: 'BudgetLeft', unit: 'Percent', value: budgetLeft }];
    const facts = { ...release, gate: stage, verdict, reason, measured, limit, since, until };
    write({ Service: service, Check: check }, [count('Blocked', blocks), ...left], facts, now);
  }
}

/** Counts a use of break glass. */
export function logBreakGlass({ service }: Pick<GateConfig, 'service'>, record: object, now: number): void {
  write({ Service: service }, [count('BreakGlass', true)], { breakGlass: record }, now);
}

const count = (name: string, is: boolean): Metric => ({ name, unit: 'Count', value: is ? 1 : 0 });

function write(
  dimensions: { readonly [name: string]: string },
  metrics: readonly Metric[],
  facts: object,
  now: number,
): void {
  const line = {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: GATE_METRICS,
          Dimensions: [Object.keys(dimensions)],
          Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    handler: 'gate',
    ...facts,
    ...dimensions,
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
  };
  // Lambda adds words to the lines of console.log, and only a line that begins as JSON becomes a metric.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
