import type { Release, RolloutRecord } from '../../../lib/ledger/items';
import { hasMoved, hasShifted, hasStarted } from '../../../lib/ledger/started';
import { examplePlan } from '../rollout/example';

const PLAN = examplePlan();
const record = (state: RolloutRecord['state'], shifted = true): RolloutRecord => ({
  state,
  reason: 'because',
  at: '2026-03-02T10:00:00.000Z',
  attempt: 1,
  shifted,
});
const release = (rollouts: Release['rollouts']): Release => ({
  executionId: 'e-1',
  commit: 'c0ffee',
  candidates: {},
  stables: {},
  rollouts,
  changes: 0,
});

describe('a release has shifted traffic of production', () => {
  test.each<[Release['rollouts'], boolean]>([
    [{}, false],
    [{ staging: record('PASSED') }, false],
    [{ canary: record('STARTED') }, true],
    [{ canary: record('PASSED') }, true],
    [{ canary: record('PASSED', false) }, false],
    [{ staging: record('PASSED'), Wave1: record('ROLLED_BACK') }, true],
    [{ 'Wave of an older plan': record('PASSED') }, true],
  ])('%j: %s', (rollouts, expected) => {
    expect(hasShifted(release(rollouts))).toBe(expected);
  });
});

describe('an environment has started', () => {
  test.each<[Release['rollouts'], string, boolean]>([
    [{}, 'eu-west-1', false],
    [{ canary: record('STARTED') }, 'eu-west-1', true],
    [{ canary: record('PASSED') }, 'eu-west-1', true],
    [{ canary: record('ROLLED_BACK') }, 'eu-west-1', false],
    [{ canary: record('PASSED', false) }, 'eu-west-1', false],
    [{ Wave1: record('STARTED') }, 'us-east-1', false],
    [{ staging: record('STARTED') }, 'eu-west-1', false],
  ])('%j: %s %s', (rollouts, environment, expected) => {
    expect(hasStarted(release(rollouts), PLAN, environment)).toBe(expected);
  });
});

describe('the fleet may serve the candidate', () => {
  test.each<[Release['rollouts'], string, boolean]>([
    [{}, 'canary', false],
    [{ canary: record('STARTED') }, 'canary', true],
    [{ canary: record('STARTED') }, 'Wave1', true],
    [{ canary: record('PASSED') }, 'Wave1', false],
    [{ canary: record('PASSED'), Wave1: record('PASSED') }, 'Wave2', true],
    [{ canary: record('PASSED'), Wave1: record('PASSED', false) }, 'Wave2', false],
    [{ canary: record('PASSED'), 'Wave of an older plan': record('PASSED') }, 'Wave1', true],
    [{ staging: record('PASSED') }, 'canary', false],
    [{ staging: record('STARTED') }, 'staging', true],
    [{ staging: record('PASSED') }, 'staging', false],
    [{ staging: record('ROLLED_BACK'), canary: record('STARTED') }, 'staging', false],
  ])('%j, at %s: %s', (rollouts, rollout, expected) => {
    expect(hasMoved(release(rollouts), PLAN, rollout)).toBe(expected);
  });
});
