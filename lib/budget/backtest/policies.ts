import type { BudgetPolicyConfig } from '../config';

/** The policies, by the names that the command line gives them. */
export const POLICY_NAMES = ['until-recovered', 'until-recovered-in-month', 'carry-over'] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

/** Options of all policies; each policy takes its own. */
export interface PolicyOptions {
  readonly windowMinutes: number;
  readonly timeZone: string;
  readonly maxBlockMinutes?: number;
}

export function policyNamed(name: PolicyName, options: PolicyOptions): BudgetPolicyConfig {
  const { windowMinutes, timeZone, maxBlockMinutes } = options;
  switch (name) {
    case 'until-recovered':
      return { kind: 'UNTIL_RECOVERED', windowMinutes };
    case 'until-recovered-in-month':
      return { kind: 'UNTIL_RECOVERED_IN_MONTH', timeZone };
    case 'carry-over':
      return { kind: 'CARRY_OVER', timeZone, maxBlockMinutes };
  }
}
