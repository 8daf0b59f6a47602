import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { decideBreakGlass } from '../../lib/gate/break-glass';
import { readCustomAnswer } from '../../lib/gate/checks/custom';
import { checkFreeze } from '../../lib/gate/checks/freeze';
import { checkLoadTest } from '../../lib/gate/checks/load-test';
import { checkReadiness } from '../../lib/gate/checks/production-readiness';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const stages = ['Canary' as const];
const guide = readFileSync(path.join(__dirname, '../../docs/gates.md'), 'utf8');

/** The block of the guide that follows a remark. */
function block(remark: string): string {
  const [, found] = new RegExp(`<!-- ${remark} -->\\s*\`\`\`\\w+\\n([^]*?)\`\`\``).exec(guide) ?? [];
  if (found === undefined) throw new Error(`docs/gates.md has no block "${remark}"`);
  return found;
}

/** Returns the text that a command of the guide writes, and its parameter. */
function written(remark: string) {
  const [, name, value] = /--name (\S+) --type String --overwrite --value \\\s+'(.*)'/.exec(block(remark)) ?? [];
  return { name, parameter: { value, version: 1, modifiedAt: '2026-11-20T11:30:00Z' } };
}

test('the load test of the guide passes', () => {
  const { name, parameter } = written('load test of c0ffee passes');
  const config = { kind: 'LOAD_TEST', name: 'load test', stages, parameter: name } as const;
  const facts = { parameter, commit: 'c0ffee', stagingSince: '2026-11-20T10:00:00Z' };
  expect(name).toBe('/deployment-pipeline/orders/load-test');
  expect(checkLoadTest({ ...config, configuration: '200 rps, 30 min' }, facts, NOW).verdict).toBe('PASS');
});

test('the evidence of the guide counts', () => {
  const { name, parameter } = written('evidence passes');
  const prefix = '/deployment-pipeline/orders/readiness/';
  const config = { kind: 'READINESS', name: 'x', stages, criteria: [{ name: 'dr-test' }], prefix } as const;
  expect(name).toBe(`${prefix}dr-test`);
  expect(checkReadiness(config, { parameters: { 'dr-test': parameter } }, NOW)).toMatchObject({
    verdict: 'PASS',
    warning: undefined,
  });
});

test('the freeze of the guide blocks until its end', () => {
  const { name, parameter } = written('freeze blocks');
  const config = {
    kind: 'FREEZE',
    name: 'freeze',
    stages,
    parameters: ['/deployment-pipeline/orders/freeze'],
  } as const;
  expect(checkFreeze(config, { parameters: { [name]: parameter } }, NOW)).toMatchObject({
    verdict: 'FAIL',
    until: '2026-11-21T08:00:00.000Z',
  });
});

test('the answer of a custom check is a verdict', () => {
  const config = { kind: 'CUSTOM', name: 'review board', stages, functionName: 'board' } as const;
  expect(readCustomAnswer(config, { payload: block('custom answer') }, NOW)).toMatchObject({
    verdict: 'FAIL',
    measured: 3,
  });
});

test('the glass of the guide is broken', () => {
  const { name, parameter } = written('break glass is used');
  const modifiedBy = 'arn:aws:sts::111111111111:assumed-role/incident-lead/jo';
  const decision = decideBreakGlass({
    config: {
      parameter: '/deployment-pipeline/orders/break-glass',
      roleName: 'incident-lead',
      trafficCycleMinutes: 30,
      ownTrafficCycleMinutes: 1_440,
    },
    parameter: { ...parameter, modifiedBy },
    executionId: '8c5f3a6e-0f0a-4e57-9a7c-3d8f1f6f2a11',
    stage: 'Canary',
    jobId: 'job-1',
    now: NOW,
    used: undefined,
    blocking: [{ check: 'freeze', verdict: 'FAIL', reason: 'frozen' }],
  });
  expect(name).toBe('/deployment-pipeline/orders/break-glass');
  expect(decision.use).toBe(true);
});
