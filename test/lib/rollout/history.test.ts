import { LEG_HOURS } from '../../../lib/plan/timing';
import {
  HISTORY_BUDGET,
  HISTORY_LIMIT,
  LEG_TIMEOUT_SECONDS,
  legHistoryEvents,
  parentHistoryEvents,
} from '../../../lib/rollout/history';

test('a leg stays below the budget, even when it ends only by its timeout', () => {
  expect(legHistoryEvents()).toBeLessThan(HISTORY_BUDGET);
  expect(LEG_TIMEOUT_SECONDS).toBeGreaterThan(LEG_HOURS * 3600);
});

test('a leg of a day would still fit; one of two days would end its execution', () => {
  expect(legHistoryEvents(24)).toBeLessThan(HISTORY_BUDGET);
  expect(legHistoryEvents(48)).toBeGreaterThan(HISTORY_LIMIT);
});

test('a leg of 12 h has nine events a minute', () => {
  expect(legHistoryEvents(12)).toBe(721 * 9 + 20);
});

test('the parent stays below the budget with a week of observation and every wait used up', () => {
  expect(parentHistoryEvents(7 * 24)).toBeLessThan(HISTORY_BUDGET);
});
