import type { Finding } from '../core/finding';
import type { Reader } from '../core/shape';
import type { Candidate } from './candidate';
import type { CheckConfig } from './check-config';

/** One kind of check: its configuration, what it reads, and how it decides. Each kind is one file, and one line in checks/index.ts. */
export interface CheckKind<Config extends CheckConfig = CheckConfig, Facts = unknown> {
  readonly kind: Config['kind'];
  readonly readConfig: Reader<Config>;
  /** Reads what the decision needs. An error that it throws is the check's finding. */
  readFacts(config: Config, candidate: Candidate): Promise<Facts>;
  /** Decides from what was read, without a clock and without AWS. */
  decide(config: Config, facts: Facts, now: number): Finding;
}

/** Finds the kind of a check by its word. */
export function kindOf(kinds: readonly CheckKind[], { kind }: Pick<CheckConfig, 'kind'>): CheckKind {
  const found = kinds.find((each) => each.kind === kind);
  if (!found) throw new Error(`there is no check of kind ${kind}, only ${kinds.map((each) => each.kind).join(', ')}`);
  return found;
}
