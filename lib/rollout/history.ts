/** A standard execution of Step Functions ends, failed, at this many history events (Step Functions quotas). */
export const HISTORY_LIMIT = 25_000;

/** We keep well below, for retries. */
export const HISTORY_BUDGET = 20_000;

/** Wait 2, Task 5, Choice 2. */
export const HISTORY_EVENTS_PER_ROUND = 9;
