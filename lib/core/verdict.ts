/** Result of a check. Never a boolean: an unknown result is not a pass. */
export type Verdict = 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'ERROR';
