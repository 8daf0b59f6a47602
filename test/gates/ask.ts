import { json, record } from '../../lib/core/shape';
import type { ErrorBudgetConfig } from '../../lib/gate/checks/error-budget';
import type { GateConfig } from '../../lib/gate/config';
import type { Stable } from '../../lib/ledger/items';
import { breakGlassParameterName, environmentGateRoleName } from '../../lib/plan/names';
import { published } from '../helpers/revisions';
import { CHECK, type Given, REGIONS, RELEASE, SERVICE } from './case';

/** Builds the configuration of a gate with this one check. */
export function gateConfig({ check, besides = [], production = REGIONS }: Given, account: string): GateConfig {
  return {
    schema: 1,
    service: SERVICE,
    production: Object.fromEntries(production.map((region) => [region, account])),
    checks: [check, ...besides].map(configured),
    // Nobody has broken the glass, but the gate reads its parameter.
    breakGlass: {
      parameter: breakGlassParameterName(SERVICE),
      roleName: `${SERVICE}-break-glass`,
      trafficCycleMinutes: 10,
      ownTrafficCycleMinutes: 60,
    },
  };
}

const configured = (check: Partial<ErrorBudgetConfig> = {}): ErrorBudgetConfig => ({ ...CHECK, ...check });

/** Ledger's record of the revisions that have served; undefined where none has. */
export function stableOf({ served, production = REGIONS }: Given, now: number): Stable | undefined {
  const functions = served ?? Object.fromEntries(production.map((region) => [region, ['shop-handler']]));
  if (Object.keys(functions).length === 0) return undefined;
  const at = new Date(now - 1_000).toISOString();
  return {
    executionId: 'e-1',
    commit: 'c0ffee0000000001',
    at,
    recent: [at],
    revisions: Object.fromEntries(
      Object.entries(functions).map(([region, names]) => [
        region,
        Object.fromEntries(names.map((functionName) => [functionName, published(functionName, '1')])),
      ]),
    ),
  };
}

/** ARN of the role that the gate assumes in a region. */
export const gateRoleArn = (account: string, region: string): string =>
  `arn:aws:iam::${account}:role/${environmentGateRoleName(SERVICE, region)}`;

/** The parameters of the action. */
export const USER_PARAMETERS = JSON.stringify({ schema: 1, stage: 'Canary', ...RELEASE });

/** Log line of a check. */
export interface LoggedCheck {
  readonly verdict: unknown;
  readonly reason: unknown;
  readonly until: unknown;
  readonly blocks: boolean;
}

/** Finds the line of the check in the gate's log. */
export function loggedCheck(lines: readonly string[]): LoggedCheck {
  for (const text of lines) {
    if (!text.startsWith('{')) continue;
    const line = record(json(text, 'line'), 'line');
    if (line.Check !== undefined) {
      return { verdict: line.verdict, reason: line.reason, until: line.until, blocks: line.Blocked === 1 };
    }
  }
  throw new Error(`The gate has logged nothing of its check:\n${lines.join('\n')}`);
}

/** Returns true if the reason contains the expected text. */
export const says = (reason: unknown, expected: string | RegExp): boolean =>
  typeof reason === 'string' && (typeof expected === 'string' ? reason.includes(expected) : expected.test(reason));
