import { execFile } from 'node:child_process';
import { holdReason } from '../../lib/ledger/transitions';
import { stableParameterName } from '../../lib/plan/names';
import type { RolloutPlan } from '../../lib/plan/rollout-plan';
import { COMMAND_LINE, type CommandResult, command } from '../helpers/command-line';
import type { MachineResult } from '../helpers/run-machine';
import { sample, slow } from '../helpers/sample';
import type { Call, Fault } from '../local-aws/call';
import { LocalPipeline, TABLE } from './local-pipeline';
import { LocalNet, pipelineIs } from './net';
import { PIPELINE, planByHand, REGIONS } from './plan';

jest.setTimeout(120_000);

const OPERATOR = { account: '222222222222', region: 'eu-west-1' };
const DOWN: Fault = { kind: 'no-answer', effect: false };
const ROLE = ['--role-name', 'operator'];
const BECAUSE = ['--because', 'orders are lost', '--by', 'Ada'];

let pipeline: LocalPipeline;
const start = async (plan: RolloutPlan = planByHand(), loopback = false) => {
  pipeline = await LocalPipeline.start({ plan, loopback });
  for (const account of ['111111111111', '222222222222', '444444444444']) {
    pipeline.world.sts.addRole(`arn:aws:iam::${account}:role/operator`, ['222222222222']);
  }
};
beforeEach(() => start());
afterEach(() => pipeline.close());

const fleet = () => new Set(Object.values(pipeline.fleet.fleet('PRODUCTION')).map((shares) => JSON.stringify(shares)));
const served = (...versions: number[]) => new Set(versions.map((version) => `{"${version}":1}`));
const reasons = () => ['UpdatePipeline', 'Canary'].map((stage) => pipeline.transition(stage).reason);
const enabled = () => ['UpdatePipeline', 'Canary'].map((stage) => pipeline.transition(stage).enabled);
const failures = (results: readonly { failed: boolean }[]) => results.filter(({ failed }) => failed);
const down = (...regions: string[]) => {
  pipeline.world.faults = ({ region }) => (regions.includes(region) ? DOWN : undefined);
};
const run = (...args: string[]) => command(pipeline.world, OPERATOR, ...args);
const rollback = (...args: string[]) => run('rollback', '--service', 'orders', '--yes', ...ROLE, ...BECAUSE, ...args);
const moves = () =>
  pipeline.world.calls.filter(({ operation }) => /^(CreateDeployment|StopDeployment|UpdateAlias)$/.test(operation));

/** Gives the command some minutes after the watch of a rollout has begun. */
async function during(
  rollout: string,
  minutes: number,
  act: () => Promise<CommandResult>,
): Promise<[MachineResult, CommandResult]> {
  const { actions } = pipeline;
  await pipeline.release('e-1', { to: actions[actions.indexOf(rollout) - 1] });
  let given: Promise<CommandResult> | undefined;
  let armed = true;
  pipeline.onState = (state, moment) => {
    if (armed && state === 'Watch' && moment === 'before') {
      armed = false;
      pipeline.clock.inMinutes(minutes, () => {
        given = act();
      });
    }
    return undefined;
  };
  const machine = await pipeline.rollout(rollout, 'e-1');
  if (!given) throw new Error(`${rollout} ended before the command`);
  return [machine, await given];
}

const MOMENTS = [
  ['canary', 8],
  ['Wave2', 3],
  ['Wave2', 9],
] as const;

describe.each(sample(MOMENTS, 1))('rollback in %s, after %i min', (rollout, minutes) => {
  test('returns every region, stops the machine, ends the release and holds the pipeline', async () => {
    const [machine, { exitCode, output }] = await during(rollout, minutes, rollback);
    expect([exitCode, output]).toEqual([0, expect.stringContaining('release e-1 (commit c0ffee-e-1) is rolled back')]);
    expect(machine.status).toBe('ABORTED');
    expect(fleet()).toEqual(served(1));
    expect((await pipeline.ledger()).holder).toMatchObject({ executionId: 'e-1', state: 'FREE', ended: 'ROLLED_BACK' });
    expect(output).toMatch(/The pipeline is held by Ada since .*: orders are lost\./);
    expect(enabled()).toEqual([false, false]);
  });

  test('does the same without the pipeline’s region', async () => {
    const [, { exitCode, output }] = await during(rollout, minutes, () => {
      const { faults } = { faults: pipeline.world };
      // The machine goes on: the operator alone does not reach its region.
      faults.faults = ({ region, account, principal }) =>
        region === PIPELINE.region && (account === OPERATOR.account || principal.endsWith('role/operator'))
          ? DOWN
          : undefined;
      return rollback();
    });
    expect([exitCode, output]).toEqual([3, expect.stringContaining('The pipeline is NOT held:')]);
    await pipeline.clock.advance(30);
    expect(fleet()).toEqual(served(1));
  });
});

describe('rollback between two waves, without the pipeline’s region from the start', () => {
  beforeEach(async () => {
    await pipeline.release('e-1', { to: 'Wave1' });
    pipeline.setStatus('e-1', 'Stopped');
    down(PIPELINE.region);
  });

  test('finds the stable version in each region, and names the command for later', async () => {
    const { exitCode, output } = await rollback();
    expect([exitCode, output]).toEqual([3, expect.stringContaining('run the same command again')]);
    expect(output).toMatch(/^ap-southeast-2 +http +version 2 +on version 1$/m);
    expect(output).toMatch(/^us-east-1 +http +version 1 +on version 1$/m);
    expect(fleet()).toEqual(served(1));
  });

  test('completes when the region is back', async () => {
    await rollback();
    pipeline.world.faults = () => undefined;
    expect((await rollback()).exitCode).toBe(0);
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
    expect(enabled()).toEqual([false, false]);
  });

  slow('moves nothing when it is repeated', async () => {
    await rollback();
    const before = moves().length;
    expect((await rollback()).exitCode).toBe(3);
    expect(moves().length).toBe(before);
  });

  test('names a production region that does not answer either, and returns the others', async () => {
    down(PIPELINE.region, 'us-east-1');
    const { exitCode, output } = await rollback();
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/^us-east-1 +\(all\) +- +NOT DONE: /m)]);
    expect(pipeline.fleet.shares('ap-southeast-2', 'http')).toEqual({ 1: 1 });
  });

  slow('names the functions whose stable version SSM does not return, and guesses none', async () => {
    pipeline.world.faults = ({ region, operation }) =>
      region === PIPELINE.region || (region === 'ap-southeast-2' && operation === 'GetParameterHistory')
        ? DOWN
        : undefined;
    const { exitCode, output } = await rollback();
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/^ap-southeast-2 +http +- +NOT DONE: /m)]);
    expect(pipeline.fleet.shares('ap-southeast-2', 'http')).toEqual({ 2: 1 });
  });

  test('points an alias at stable where CodeDeploy does not answer, and reports that it may still move', async () => {
    pipeline.world.faults = ({ region, operation }) =>
      region === PIPELINE.region || (region === 'ap-southeast-2' && operation === 'ListDeployments') ? DOWN : undefined;
    const { exitCode, output } = await rollback();
    expect([exitCode, output]).toEqual([
      1,
      expect.stringMatching(/^ap-southeast-2 +http +- +NOT DONE: serves version 1, but it is unknown whether/m),
    ]);
    expect(pipeline.fleet.shares('ap-southeast-2', 'http')).toEqual({ 1: 1 });
  });

  test('refuses, with the reason, a function whose region has no stable version', async () => {
    const place = { account: OPERATOR.account, region: 'ap-southeast-2' };
    pipeline.world.ssm.delete(place, stableParameterName('orders', 'http'));
    pipeline.world.ssm.put(place, stableParameterName('orders', 'queue'), '{"schema":2}');
    const { exitCode, output } = await rollback();
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^ap-southeast-2 +http +- +NOT DONE: parameter \S+\/http\/stable does not name release e-1, so .*: give --to-revision$/m,
    );
    expect(output).toMatch(
      /^ap-southeast-2 +queue +- +NOT DONE: .*\.schema must be 1, but is 2: use the version of the/m,
    );
    expect(pipeline.fleet.shares('ap-southeast-2', 'http')).toEqual({ 2: 1 });
    expect(output).toMatch(/^us-east-1 +http +version 1 +on version 1$/m);
  });

  test('returns from the release that acquired production last, even if an older one has written late', async () => {
    const place = { account: OPERATOR.account, region: 'ap-southeast-2' };
    const name = stableParameterName('orders', 'http');
    const mine = JSON.parse(pipeline.world.ssm.get(place, name) ?? '');
    const revision = { ...mine.revision, version: '2' };
    const late = { ...mine, executionId: 'e-0', acquiredAt: '2026-01-01T00:00:00.000Z', revision };
    pipeline.world.ssm.put(place, name, JSON.stringify(late));
    expect((await rollback()).exitCode).toBe(3);
    expect(fleet()).toEqual(served(1));
  });

  slow('returns to the version that a person gives', async () => {
    pipeline.world.codedeploy.all(pipeline.fleet.plan.environments['ap-southeast-2']).length = 0;
    const { exitCode } = await rollback('--to-revision', 'http=1', '--to-revision', 'ap-southeast-2/queue=1');
    expect(exitCode).toBe(3);
    expect(fleet()).toEqual(served(1));
  });

  slow('reads the topology from any region that answers', async () => {
    down(PIPELINE.region, 'eu-west-1');
    const args = ['--region', 'eu-west-1', 'us-east-1'];
    const { exitCode, output } = await rollback(...args);
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/^eu-west-1 +\(all\) +- +NOT DONE: /m)]);
  });
});

test('rollback with a production region that does not answer names it, returns the others, and leaves production held', async () => {
  await pipeline.release('e-1', { to: 'Wave1' });
  pipeline.setStatus('e-1', 'Stopped');
  down('us-east-1');
  const first = await rollback();
  expect([first.exitCode, first.output]).toEqual([1, expect.stringMatching(/^us-east-1 +http +- +NOT DONE: /m)]);
  expect(pipeline.fleet.shares('ap-southeast-2', 'http')).toEqual({ 1: 1 });
  expect((await pipeline.ledger()).holder).toMatchObject({ state: 'HELD' });
  expect(enabled()).toEqual([false, false]);

  pipeline.world.faults = () => undefined;
  expect((await rollback()).exitCode).toBe(0);
  expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
});

describe('rollback of a release that has completed', () => {
  beforeEach(async () => {
    await pipeline.release('e-0');
    await pipeline.release('e-1');
    await pipeline.clock.advance(60);
  });

  const WAYS = [
    ['with the ledger', [], 0],
    ['without the pipeline’s region', [PIPELINE.region], 3],
  ] as const;
  test.each(sample(WAYS, 1))('%s returns every region to the release before it, once', async (_name, regions, code) => {
    down(...regions);
    expect((await rollback()).exitCode).toBe(code);
    expect(fleet()).toEqual(served(2));
    const before = moves().length;
    expect((await rollback()).exitCode).toBe(code);
    expect(fleet()).toEqual(served(2));
    expect(moves().length).toBe(before);
  });

  test('without the pipeline’s region returns to the revision before an earlier release, if that is named', async () => {
    down(PIPELINE.region);
    const { exitCode, output } = await rollback('--execution', 'e-0');
    expect([exitCode, output]).toEqual([3, expect.stringContaining('release e-0 (commit c0ffee-e-0) is rolled back')]);
    expect(fleet()).toEqual(served(1));
    expect(await rollback('--execution', 'e-9')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('does not name release e-9'),
    });
  });

  slow('continues after a crash during its acquisition of production', async () => {
    const takesProduction = ({ operation, input }: Call) =>
      operation === 'PutItem' && JSON.stringify(input.Item).includes('"holder"');
    // From then on all other writes fail.
    let taken = false;
    pipeline.world.faults = (call) => {
      if (taken && call.operation === 'UpdateItem') return { kind: 'denied' };
      taken ||= takesProduction(call);
      return undefined;
    };
    await rollback();
    expect((await pipeline.ledger()).holder).toMatchObject({ executionId: 'e-1-returned', state: 'HELD' });
    expect((await pipeline.ledger()).releases['e-1-returned'].token).toBeUndefined();

    pipeline.world.faults = () => undefined;
    expect((await rollback()).exitCode).toBe(0);
    expect(fleet()).toEqual(served(2));
    const { holder, stable } = await pipeline.ledger();
    expect(holder).toMatchObject({ executionId: 'e-1-returned', state: 'FREE', ended: 'ROLLED_BACK' });
    expect(stable).toMatchObject({ executionId: 'e-0' });
  });

  slow('touches nothing if it was rolled back before and a later release serves', async () => {
    await rollback();
    await run('resume', '--service', 'orders', ...ROLE);
    expect(failures(await pipeline.release('e-2'))).toEqual([]);
    const before = moves().length;
    expect(await rollback('--execution', 'e-1')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('Production was taken by release e-2 since'),
    });
    expect(moves().length).toBe(before);
    expect(fleet()).toEqual(served(4));
  });

  slow('makes the release before it the last stable one', async () => {
    await rollback();
    expect((await pipeline.ledger()).stable).toMatchObject({ executionId: 'e-0' });
  });

  slow('touches nothing if a version is gone, reports that, and holds the pipeline', async () => {
    pipeline.fleet.function('eu-west-1', 'queue').versions.delete('2');
    const before = moves().length;
    const { exitCode, output } = await rollback();
    expect(exitCode).toBe(1);
    expect(output).toContain('eu-west-1/queue cannot return: its version 2 does not exist any more');
    expect(output).toContain('The pipeline is held by Ada');
    expect(moves().length).toBe(before);
    expect(fleet()).toEqual(served(3));
  });
});

describe('rollback', () => {
  const denied =
    (operation: string, attribute = '') =>
    (call: Call): Fault | undefined =>
      call.operation === operation && JSON.stringify(call.input).includes(attribute) ? { kind: 'denied' } : undefined;

  test('leaves a machine running that already returns the release', async () => {
    let given: Promise<CommandResult> | undefined;
    await pipeline.release('e-1', { to: 'Wave1' });
    pipeline.onState = (state, moment) => {
      if (state === 'Watch' && moment === 'before') {
        pipeline.fleet.alarm('eu-west-1', 'orders-production-http-wave-errors', 'ALARM', 'errors');
      }
      if (state === 'WaitToRollback' && moment === 'before') given ??= rollback();
      return undefined;
    };
    const machine = await pipeline.rollout('Wave2', 'e-1');
    expect((await given)?.exitCode).toBe(0);
    expect([...pipeline.stopped]).toEqual([]);
    expect(machine).toMatchObject({ status: 'FAILED', error: 'RolledBack' });
    expect(fleet()).toEqual(served(1));
  });

  test('returns all traffic if the ledger can be read but not written, and searches nothing elsewhere', async () => {
    const [machine, { exitCode, output }] = await during('Wave2', 3, () => {
      pipeline.world.faults = denied('UpdateItem', 'rollingBackSince');
      return rollback();
    });
    expect(machine.status).toBe('ABORTED');
    expect(fleet()).toEqual(served(1));
    expect(output).toContain(
      'The ledger has no record of this rollback yet (the ledger could not be updated: AccessDenied',
    );
    expect(output).not.toContain('the ledger does not answer');
    expect([exitCode, output]).toEqual([3, expect.stringContaining('The pipeline is held by Ada since')]);

    pipeline.world.faults = () => undefined;
    expect((await rollback()).exitCode).toBe(0);
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
  });

  test('holds production while a handler may still start deployments, also of a machine that the ledger does not name', async () => {
    await pipeline.release('e-1', { to: 'Wave1' });
    pipeline.setStatus('e-1', 'Stopped');
    await pipeline.world.dynamodb.handle({
      ...PIPELINE,
      operation: 'UpdateItem',
      input: { TableName: TABLE, Key: { pk: { S: 'release#e-1' } }, UpdateExpression: 'REMOVE machine' },
    });
    pipeline.clock.inMinutes(2.5, () => {
      pipeline.fleet.function('us-east-1', 'http').setAlias('live', '2');
    });
    expect((await rollback()).exitCode).toBe(0);
    await pipeline.clock.advance(3);
    expect(fleet()).toEqual(served(1));
  });

  test('holds production when patience ends while a handler may still start deployments', async () => {
    await pipeline.release('e-1', { to: 'Wave1' });
    pipeline.setStatus('e-1', 'Stopped');
    const { exitCode, output } = await rollback('--wait-minutes', '2');
    expect([exitCode, output]).toEqual([
      3,
      expect.stringContaining('may still start deployments): run the command again'),
    ]);
    expect((await pipeline.ledger()).holder).toMatchObject({ executionId: 'e-1', state: 'HELD' });
    // The handler that was running shifts once more.
    pipeline.fleet.function('us-east-1', 'http').setAlias('live', '2');
    await pipeline.clock.advance(3);
    expect((await rollback('--wait-minutes', '2')).exitCode).toBe(0);
    expect(fleet()).toEqual(served(1));
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
  });

  test('reports that it could not enable the transitions', async () => {
    await pipeline.release('e-1', { to: 'Wave1' });
    pipeline.setStatus('e-1', 'Stopped');
    const noHold = denied('PutItem', 'orders are lost');
    pipeline.world.faults = (call) => (call.operation === 'EnableStageTransition' ? { kind: 'denied' } : noHold(call));
    const { exitCode, output } = await rollback();
    expect([exitCode, output]).toEqual([
      3,
      expect.stringMatching(/The transitions could not be enabled: .*EnableStageTransition/),
    ]);
  });

  test('lets the next release in after one that had shifted nothing, even if the hold cannot be placed', async () => {
    await pipeline.release('e-1', { to: 'publish production' });
    expect(enabled()).toEqual([false, false]);
    pipeline.world.faults = denied('PutItem', 'orders are lost');
    expect((await rollback()).exitCode).toBe(3);
    expect(enabled()).toEqual([true, true]);
  });
});

test('rollback of a release that has shifted nothing frees production', async () => {
  await pipeline.release('e-1', { to: 'publish production' });
  const { exitCode, output } = await rollback();
  expect([exitCode, output]).toEqual([0, expect.stringContaining('Nothing of it had shifted; production is free.')]);
  expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ABANDONED' });
});

describe('with production in two accounts', () => {
  const twoAccounts = (): RolloutPlan => {
    const plan = planByHand();
    const account = '444444444444';
    const other = { ...plan.environments['us-east-1'], account };
    const roleArn = other.roleArn.replace('222222222222', account);
    return { ...plan, environments: { ...plan.environments, 'us-east-1': { ...other, roleArn } } };
  };

  beforeEach(async () => {
    await pipeline.close();
    await start(twoAccounts());
    await pipeline.release('e-1');
    expect(fleet()).toEqual(served(2));
  });

  test('rollback assumes the named role in the accounts that are not the operator’s', async () => {
    expect((await rollback()).exitCode).toBe(0);
    expect(fleet()).toEqual(served(1));
  });

  slow('rollback without a role returns the regions that it can enter, and names the rest', async () => {
    const { exitCode, output } = await run('rollback', '--service', 'orders', '--yes', ...BECAUSE);
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^us-east-1 +\(all\) +- +NOT DONE: is in account 444444444444, but the credentials are of 222222222222: give --role-name/m,
    );
    expect(output).toContain('The pipeline is NOT held: us-west-2: the pipeline is in account 111111111111');
    expect(pipeline.fleet.shares('eu-west-1', 'http')).toEqual({ 1: 1 });
    expect(pipeline.fleet.shares('us-east-1', 'http')).toEqual({ 2: 1 });
  });
});

describe('the command', () => {
  const hold = () => run('hold', '--service', 'orders', ...ROLE, ...BECAUSE);
  const resume = () => run('resume', '--service', 'orders', ...ROLE);

  test('hold keeps releases out while none is under way, and resume admits them', async () => {
    expect(await hold()).toMatchObject({ exitCode: 0, output: expect.stringContaining('is held by Ada since') });
    expect((await pipeline.release('e-1'))[0].waits).toContain('held for Ada - orders are lost - until npx');
    expect(await resume()).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('Enabled the transitions into Canary, UpdatePipeline.'),
    });
    expect(failures((await pipeline.goOn())['e-1'])).toEqual([]);
    expect(fleet()).toEqual(served(2));
  });

  slow('hold leaves a release under way running, and outlasts its end', async () => {
    await pipeline.release('e-1', { to: 'canary' });
    await hold();
    expect(failures(await pipeline.release('e-1', { from: 'Wave1' }))).toEqual([]);
    expect(enabled()).toEqual([false, false]);
  });

  test('hold outlasts an update of the pipeline that enables the transitions', async () => {
    await hold();
    for (const stage of ['UpdatePipeline', 'Canary']) pipeline.transition(stage).enabled = true;
    await pipeline.becomes('e-1', 'InProgress');
    expect(enabled()).toEqual([false, false]);
  });

  slow('resume during a release leaves the transitions to the end of that release', async () => {
    await pipeline.release('e-1', { to: 'canary' });
    await hold();
    expect((await resume()).output).toContain(
      'Canary stays disabled: release e-1 holds production: its end enables it',
    );
    expect(enabled()).toEqual([false, false]);
    await pipeline.release('e-1', { from: 'Wave1' });
    expect(enabled()).toEqual([true, true]);
  });

  test('resume leaves a transition disabled that a person disabled in the console', async () => {
    Object.assign(pipeline.transition('Canary'), { enabled: false, reason: 'frozen until Monday' });
    await hold();
    expect(reasons()[1]).toBe('frozen until Monday');
    expect((await resume()).output).toContain('Canary stays disabled: disabled in the console: frozen until Monday');
    expect(enabled()).toEqual([true, false]);
  });

  test('hold blocks the next release at LockProduction if the transitions are enabled', async () => {
    await hold();
    expect(await pipeline.runAction('acquire', 'e-1')).toMatchObject({ failed: true });
    await resume();
    expect(await pipeline.runAction('acquire', 'e-1')).toMatchObject({ failed: false });
    expect(reasons()).toEqual([holdReason('e-1'), holdReason('e-1')]);
  });

  test('hold reports transitions that it cannot disable, and the ledger still holds', async () => {
    pipeline.world.faults = ({ operation }) =>
      operation === 'DisableStageTransition' ? { kind: 'denied' } : undefined;
    expect(await hold()).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('could not be disabled (AccessDenied'),
    });
  });

  test('resume without the pipeline’s region fails, and names it', async () => {
    down(PIPELINE.region);
    expect((await resume()).exitCode).toBe(1);
  });
});

test('two rollbacks at once, of the safety net and of a person, end on stable', async () => {
  await pipeline.release('e-1', { to: 'Wave2' });
  pipeline.setStatus('e-1', 'Stopped');
  const net = new LocalNet();
  const [results, { exitCode }] = await Promise.all([net.on(pipeline, pipelineIs('e-1', 'STOPPED')), rollback()]);
  expect(results[0].error).toBe('RolledBack');
  expect(exitCode).toBe(0);
  expect(fleet()).toEqual(served(1));
  expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
});

describe('a wrong command line', () => {
  test.each([
    [['rollback', '--yes'], /required option '--service <name>'/],
    [['rollback', '--service', 'orders'], /^Cannot confirm without a terminal: give --yes/],
    [['rollback', '--service', 'orders', '--to-revision', 'http=$LATEST'], /must be like http=4/],
    [['rollback', '--service', 'orders', '--wait-minutes', '0'], /must be a whole number of minutes/],
    [['hold', '--service', 'orders'], /required option '--because <text>'/],
    [['unknown'], /unknown command/],
  ])('%j', async (args, message) => {
    const { exitCode, output } = await run(...args);
    expect([exitCode, output]).toEqual([2, expect.stringMatching(message)]);
    expect(moves()).toEqual([]);
  });

  test('the command names a service that does not exist, with the parameters that it searched', async () => {
    const { exitCode, output } = await run('rollback', '--service', 'invoices', '--yes');
    expect(exitCode).toBe(1);
    expect(output).toContain(
      'eu-west-1 has no entry of invoices: neither parameter /deployment-pipeline/invoices/topology nor',
    );
  });
});

test('the command runs as a process of its own, and prints JSON', async () => {
  await pipeline.close();
  await start(planByHand(), true);
  await pipeline.release('e-1', { to: 'canary' });
  pipeline.setStatus('e-1', 'Stopped');
  down(PIPELINE.region);
  const env = { ...pipeline.world.environmentOf(OPERATOR), PATH: process.env.PATH, HOME: '/nonexistent' };
  // Its clock is the real one, for which the deployments are long over.
  const versions = ['http=1', 'queue=1'].flatMap((each) => ['--to-revision', each]);
  const args = ['rollback', '--service', 'orders', '--yes', '--json', ...ROLE, ...versions];
  const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(COMMAND_LINE, args, { env }, (error, out, err) => {
      resolve({ code: error?.code ?? 0, stdout: out, stderr: err });
    });
  });
  expect([code, stderr]).toEqual([3, '']);
  expect(JSON.parse(stdout)).toMatchObject({
    service: 'orders',
    exitCode: 3,
    rows: REGIONS.flatMap((region) =>
      ['http', 'queue'].map((key) => ({ region, key, ok: true, found: 'version 1', now: 'on version 1' })),
    ),
    held: { error: expect.any(String) },
  });
});
