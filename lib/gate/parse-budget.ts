import type { BudgetPolicyConfig, BudgetSource, MetricRef } from '../budget/config';
import { arrayOf, count, oneOf, optional, record, recordOf, ShapeError, text } from '../core/shape';
import type { ErrorBudgetConfig } from './config';

type Fields = { readonly [key: string]: unknown };

/** What the check of an error budget has besides its name and stages. */
export function errorBudget(
  value: Fields,
  at: string,
): Omit<ErrorBudgetConfig, 'name' | 'stages' | 'inconclusiveBlocks' | 'errorBlocks'> {
  return {
    kind: 'ERROR_BUDGET',
    objective: count(value.objective, `${at}.objective`),
    source: source(record(value.source, `${at}.source`), `${at}.source`),
    policy: policy(record(value.policy, `${at}.policy`), `${at}.policy`),
    warnBelow: optional(value.warnBelow, `${at}.warnBelow`, count),
    fastBurn: optional(value.fastBurn, `${at}.fastBurn`, count),
    silentMinutes: count(value.silentMinutes, `${at}.silentMinutes`),
  };
}

const SOURCES: {
  readonly [kind in BudgetSource['kind']]: (value: Fields, at: string) => BudgetSource;
} = {
  REQUESTS: () => ({ kind: 'REQUESTS' }),
  LATENCY: ({ thresholdMs }, at) => ({ kind: 'LATENCY', thresholdMs: count(thresholdMs, `${at}.thresholdMs`) }),
  COUNTS: ({ good, total, regions }, at) => ({
    kind: 'COUNTS',
    good: metric(good, `${at}.good`),
    total: metric(total, `${at}.total`),
    regions: optional(regions, `${at}.regions`, texts),
  }),
  UPTIME: ({ metric: uptime, scale, regions }, at) => ({
    kind: 'UPTIME',
    metric: metric(uptime, `${at}.metric`),
    scale: scaleOf(scale, `${at}.scale`),
    regions: optional(regions, `${at}.regions`, texts),
  }),
  APPLICATION_SIGNALS: ({ sloId, regions }, at) => ({
    kind: 'APPLICATION_SIGNALS',
    sloId: text(sloId, `${at}.sloId`),
    regions: optional(regions, `${at}.regions`, texts),
  }),
};

function source(value: Fields, at: string): BudgetSource {
  return SOURCES[oneOf(value.kind, `${at}.kind`, Object.keys(SOURCES) as BudgetSource['kind'][])](value, at);
}

const POLICIES: {
  readonly [kind in BudgetPolicyConfig['kind']]: (value: Fields, at: string) => BudgetPolicyConfig;
} = {
  UNTIL_RECOVERED: ({ windowMinutes }, at) => ({
    kind: 'UNTIL_RECOVERED',
    windowMinutes: count(windowMinutes, `${at}.windowMinutes`),
  }),
  UNTIL_RECOVERED_IN_MONTH: ({ timeZone }, at) => ({
    kind: 'UNTIL_RECOVERED_IN_MONTH',
    timeZone: text(timeZone, `${at}.timeZone`),
  }),
  CARRY_OVER: ({ timeZone, maxBlockMinutes }, at) => ({
    kind: 'CARRY_OVER',
    timeZone: text(timeZone, `${at}.timeZone`),
    maxBlockMinutes: optional(maxBlockMinutes, `${at}.maxBlockMinutes`, count),
  }),
};

function policy(value: Fields, at: string): BudgetPolicyConfig {
  return POLICIES[oneOf(value.kind, `${at}.kind`, Object.keys(POLICIES) as BudgetPolicyConfig['kind'][])](value, at);
}

function metric(value: unknown, at: string): MetricRef {
  const fields = record(value, at);
  return {
    namespace: text(fields.namespace, `${at}.namespace`),
    name: text(fields.name, `${at}.name`),
    dimensions: optional(fields.dimensions, `${at}.dimensions`, (each, where) => recordOf(each, where, text)),
    stat: optional(fields.stat, `${at}.stat`, text),
  };
}

function scaleOf(value: unknown, at: string): 1 | 100 {
  if (value === 1 || value === 100) return value;
  throw new ShapeError(`${at} must be 1 or 100, but is ${JSON.stringify(value)}`);
}

const texts = (value: unknown, at: string): readonly string[] => arrayOf(value, at, text);
