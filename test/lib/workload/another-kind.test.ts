import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Ledger } from '../../../lib/ledger/ledger';
import { publishedJson } from '../../../lib/plan/revision';
import type { EnvironmentPlan, Rollout, RolloutPlan } from '../../../lib/plan/rollout-plan';
import { collect } from '../../../lib/rollout/collect';
import { parseState, type RolloutTask } from '../../../lib/rollout/parse-state';
import { settle } from '../../../lib/rollout/settle';
import { start } from '../../../lib/rollout/start';
import { type Outcome, STATE_SCHEMA } from '../../../lib/rollout/state';
import { watch } from '../../../lib/rollout/watch';
import { type Source, sources } from '../../architecture/house';
import { createLedgerTable } from '../../helpers/ledger-table';
import { World } from '../../local-aws/world';
import { ABACUS, Abacuses, abacusKind, abacusPlan, beads, publishedBeads } from './abacus';

const PIPELINE = { account: '111111111111', region: 'us-west-2' };
const REGIONS = ['eu-west-1', 'us-east-1'];
const RELEASE = { executionId: 'e-1', commit: 'c0ffee' };
const roleIn = (region: string) => `arn:aws:iam::333333333333:role/counting-${region}`;

const environment = (region: string): EnvironmentPlan => ({
  phase: 'PRODUCTION',
  account: '333333333333',
  region,
  roleArn: roleIn(region),
  targets: { sums: abacusPlan('sums') },
});

const rollout = (kind: Rollout['kind'], regions: readonly string[], after: readonly string[]): Rollout => ({
  kind,
  environments: Object.fromEntries(regions.map((region) => [region, { deploymentConfig: 'slowly', alarms: {} }])),
  observeMinutes: 0,
  after,
});

const PLAN: RolloutPlan = {
  schema: 1,
  service: 'counting',
  environments: Object.fromEntries(REGIONS.map((region) => [region, environment(region)])),
  rollouts: { canary: rollout('CANARY', REGIONS, []), Wave1: rollout('WAVE', REGIONS, ['canary']) },
};

const variables = process.env;
let world: World;
let ledger: Ledger;
let abacuses: Abacuses;

/** One world for all tests: clients of the environments live as long as their module. */
beforeAll(async () => {
  world = await World.start();
  world.scheduler.createGroup(PIPELINE, 'deadlines');
  process.env = {
    ...variables,
    ...world.environmentOf(PIPELINE),
    DEADLINE_GROUP: 'deadlines',
    DEADLINE_ROLE_ARN: 'arn:aws:iam::111111111111:role/deadlines',
    DEADLINE_QUEUE_ARN: 'arn:aws:sqs:us-west-2:111111111111:undelivered',
    MACHINE_ARN: 'arn:aws:states:us-west-2:111111111111:stateMachine:counting-rollout',
  };
  for (const region of REGIONS) {
    world.sts.addRole(roleIn(region), [PIPELINE.account]);
    const reported = JSON.stringify(publishedJson(publishedBeads('8', region)));
    world.ssm.put(environment(region), '/abacus/sums', reported);
  }
});

let tables = 0;
beforeEach(async () => {
  const client = new DynamoDBClient(world.client(PIPELINE));
  const table = `ledger-${tables++}`;
  await createLedgerTable(client, table);
  ledger = new Ledger(client, table, [ABACUS]);
  abacuses = new Abacuses(REGIONS, beads('7'));
  await ledger.open(RELEASE.executionId, RELEASE.commit);
  const acquiredAt = '2026-03-02T10:00:00.000Z';
  await ledger.transferLock(undefined, { ...RELEASE, token: 1, acquiredAt, state: 'HELD' });
  await ledger.setToken(RELEASE.executionId, 1);
});

afterAll(async () => {
  process.env = variables;
  await world.close();
});

const task = (name: string, outcome?: Outcome): RolloutTask => {
  const stored = outcome && { schema: STATE_SCHEMA, ...outcome };
  return parseState(JSON.parse(JSON.stringify({ ...RELEASE, rollout: name, plan: PLAN, outcome: stored })), [ABACUS]);
};

/** Runs a rollout through the core of its handlers, as the machine does. */
async function run(name: string): Promise<readonly Outcome[]> {
  const { targetAt, readShifts } = abacuses;
  const steps = {
    COLLECT: (last?: Outcome) => collect({ ledger, kindOf: () => abacusKind }, task(name, last)),
    START: (last?: Outcome) => start({ ledger, targetAt }, task(name, last)),
    WATCH: (last?: Outcome) => watch({ ledger, readShifts }, task(name, last)),
    SETTLE: (last?: Outcome) => settle({ ledger, targetAt }, task(name, last)),
  };
  const outcomes = [await steps.COLLECT()];
  let step: keyof typeof steps = 'START';
  for (let round = 0; round < 10; round++) {
    const outcome: Outcome = await steps[step](outcomes.length > 1 ? outcomes.at(-1) : undefined);
    outcomes.push(outcome);
    if (outcome.next === 'DONE' || !['WAIT', 'WATCH', 'SETTLE'].includes(outcome.next)) break;
    if (outcome.next !== 'WAIT') step = outcome.next as 'WATCH' | 'SETTLE';
  }
  return outcomes;
}

const served = () => REGIONS.map((region) => abacuses.abacus(region).served.main);

test('a canary of another kind is started, watched, and returned to stable', async () => {
  const outcomes = await run('canary');
  expect(outcomes.map(({ next }) => next)).toEqual(['DONE', 'WAIT', 'WATCH', 'SETTLE', 'WAIT', 'DONE']);
  expect(outcomes.at(1)?.reason).toContain('anchor');
  expect(outcomes.at(-1)?.reason).toBe('canary has passed: observed to its end and returned to stable');
  expect(served()).toEqual([beads('7'), beads('7')]);
  const release = await ledger.release(RELEASE.executionId);
  expect(release?.stables).toEqual({ 'eu-west-1': { sums: beads('7') }, 'us-east-1': { sums: beads('7') } });
});

test('its wave arrives at the candidate, in all regions', async () => {
  await run('canary');
  const outcomes = await run('Wave1');
  expect(outcomes.map(({ next }) => next)).toEqual(['DONE', 'WATCH', 'SETTLE', 'DONE']);
  expect(served()).toEqual([beads('8'), beads('8')]);
});

test('messages show its revisions by their own names', async () => {
  await run('canary');
  await abacuses.abacus('us-east-1').point(beads('9'));
  expect((await run('Wave1')).at(-1)?.reason).toContain('us-east-1/sums serves beads 9 instead of its stable beads 7');
});

test('no call of Lambda or CodeDeploy is made for it', async () => {
  await run('canary');
  await run('Wave1');
  const services = world.calls.map(({ service }) => service);
  expect(services).toContain('ssm');
  expect(services).not.toContain('lambda');
  expect(services).not.toContain('codedeploy');
});

test('a kind that was not added is refused by name', () => {
  const state = { ...RELEASE, rollout: 'canary', plan: PLAN };
  expect(() => parseState(state)).toThrow(
    'plan.environments.eu-west-1.targets.sums.kind must be LAMBDA, but is "ABACUS": a newer version of the pipeline wrote it',
  );
});

describe('to add a kind', () => {
  /** The kind's own rooms come besides: `lib/workload/<kind>`, `constructs/workload/<kind>`, and handlers of its own. */
  const EDITED = [
    // Its name.
    'lib/plan/kinds.ts',
    // Its implementation: without a call, with calls, and what the watch reads.
    'lib/workload/kinds/deployments.ts',
    'lib/workload/kinds/kinds.ts',
    'lib/workload/kinds/targets.ts',
    // The factory of its workloads, and their public options.
    'constructs/index.ts',
    'constructs/workload/shared-configs.ts',
    'constructs/workload/workload.ts',
  ];

  /** Handlers that are deployed with functions alone. */
  const ITS_HANDLERS = ['lib/handlers/publish.ts'];

  const isOfLambda = (file: string) => /^(lib|constructs)\/workload\/lambda\//.test(file);
  const textOf = (file: string) => readFileSync(path.join(__dirname, '..', '..', '..', file), 'utf8');
  const namesLambda = ({ file, imports }: Source) => imports.some(isOfLambda) || /\bLAMBDA\b/.test(textOf(file));

  test('these files are edited, and no others', () => {
    const naming = sources().filter((source) => !isOfLambda(source.file) && namesLambda(source));
    expect(naming.map(({ file }) => file).toSorted()).toEqual([...EDITED, ...ITS_HANDLERS].toSorted());
  });
});
