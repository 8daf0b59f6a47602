/** What a check found out. Never a boolean: not knowing is not the same as passing. */
export type Verdict = 'PASS' | 'FAIL' | 'INCONCLUSIVE' | 'ERROR';
