import { type CommandResult, commandAs } from '../helpers/command-line';
import { type Call, list, type RecordedCall } from '../local-aws/call';
import type { Statement } from '../local-aws/iam';
import { allows, grantedPolicies, partsOf, roleOf } from './granted';
import { LocalPipeline } from './local-pipeline';
import { PIPELINE, planByHand, SERVICE } from './plan';

jest.setTimeout(120_000);

type OfCommands = 'grantRollback' | 'grantHold';

const OF_COMMANDS: readonly OfCommands[] = ['grantRollback', 'grantHold'];
const GRANTED = grantedPolicies();

let pipeline: LocalPipeline;

beforeEach(async () => {
  pipeline = await LocalPipeline.start({ plan: planByHand() });
  const { sts, iam } = pipeline.world;
  sts.addRole('arn:aws:iam::222222222222:role/operator', [PIPELINE.account]);
  for (const grant of OF_COMMANDS) {
    sts.addRole(roleOf(grant), [PIPELINE.account]);
    // The role in production's account is documented, and no part of a grant.
    const production: Statement = {
      actions: ['sts:AssumeRole'],
      resources: ['arn:aws:iam::222222222222:role/operator'],
    };
    iam.attach(roleOf(grant), [...GRANTED[grant], production]);
  }
});
afterEach(() => pipeline.close());

const run = (grant: OfCommands, name: string, ...args: string[]): Promise<CommandResult> =>
  commandAs(pipeline.world, PIPELINE, grant, name, '--service', SERVICE, '--role-name', 'operator', ...args);
const BECAUSE = ['--because', 'orders are lost', '--by', 'Ada'];
const rollback = (...args: string[]) => run('grantRollback', 'rollback', '--yes', ...BECAUSE, ...args);
const hold = () => run('grantHold', 'hold', ...BECAUSE);
const resume = () => run('grantHold', 'resume');

/** Calls of the role itself. Its work in production is done under another role. */
const callsOf = (grant: OfCommands): readonly RecordedCall[] =>
  pipeline.world.calls.filter(({ principal, service }) => principal === roleOf(grant) && service !== 'sts');

const refusedOf = (grant: OfCommands) => callsOf(grant).filter(({ error }) => error?.startsWith('AccessDenied'));
const fleet = () => new Set(Object.values(pipeline.fleet.fleet('PRODUCTION')).map((shares) => JSON.stringify(shares)));
const served = (...versions: number[]) => new Set(versions.map((version) => `{"${version}":1}`));

/** Calls of every way that a command has gone. */
const made: { readonly [grant in OfCommands]: RecordedCall[] } = {
  grantRollback: [],
  grantHold: [],
};
afterEach(() => {
  for (const grant of OF_COMMANDS) {
    expect(refusedOf(grant)).toEqual([]);
    made[grant].push(...callsOf(grant));
  }
});

describe('a role with grantRollback', () => {
  test('returns a release in the middle of its waves, stops its machine and holds the pipeline', async () => {
    await pipeline.release('e-1', { to: 'Wave1' });
    pipeline.setStatus('e-1', 'Stopped');
    expect((await rollback()).exitCode).toBe(0);
    expect(fleet()).toEqual(served(1));
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });
    expect(pipeline.transition('Canary')).toMatchObject({ enabled: false });
  });

  test('rolls a completed release back', async () => {
    await pipeline.release('e-0');
    await pipeline.release('e-1');
    await pipeline.clock.advance(60);
    expect((await rollback()).exitCode).toBe(0);
    expect(fleet()).toEqual(served(2));
    expect((await pipeline.ledger()).stable).toMatchObject({ executionId: 'e-0' });
  });

  test('ends a release that has shifted nothing', async () => {
    await pipeline.release('e-1', { to: 'publish production' });
    expect((await rollback()).exitCode).toBe(0);
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ABANDONED' });
  });

  test('lets the next release in if the hold was lost on its way', async () => {
    await pipeline.release('e-1', { to: 'Wave1' });
    pipeline.setStatus('e-1', 'Stopped');
    pipeline.world.faults = ({ operation, input, principal }) =>
      principal === roleOf('grantRollback') && operation === 'PutItem' && JSON.stringify(input.Item).includes('"hold"')
        ? { kind: 'error', name: 'InternalServerError', message: 'lost', status: 500 }
        : undefined;
    expect((await rollback()).exitCode).toBe(3);
    expect(fleet()).toEqual(served(1));
    expect(pipeline.transition('Canary')).toMatchObject({ enabled: true });
    expect(pipeline.transition('UpdatePipeline')).toMatchObject({ enabled: true });
  });
});

describe('a role with grantHold', () => {
  test('holds the pipeline, and resumes', async () => {
    expect((await hold()).exitCode).toBe(0);
    expect(pipeline.transition('Canary')).toMatchObject({ enabled: false });
    expect((await resume()).output).toContain('Enabled the transitions into Canary, UpdatePipeline.');
  });

  test('resumes while a release is under way, whose end enables the transitions', async () => {
    await pipeline.release('e-1', { to: 'canary' });
    await hold();
    expect((await resume()).output).toContain('release e-1 holds production: its end enables it');
  });

  test('resumes after a release whose own handler could not record its completion', async () => {
    await pipeline.release('e-1', { to: 'Wave3' });
    pipeline.world.faults = ({ service, operation, input, principal }) =>
      principal.endsWith(':root') &&
      service === 'dynamodb' &&
      ((operation === 'PutItem' && JSON.stringify(input.Item).includes('"stable"')) ||
        (operation === 'UpdateItem' && JSON.stringify(input.Key).includes('"holder"')))
        ? { kind: 'denied' }
        : undefined;
    await pipeline.release('e-1', { from: 'complete' });
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'HELD' });
    await hold();
    expect((await resume()).exitCode).toBe(0);
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'COMPLETED' });
    expect((await pipeline.ledger()).stable).toMatchObject({ executionId: 'e-1' });
  });
});

test.each(OF_COMMANDS)('%s grants only permissions that a command above has needed', (grant) => {
  const calls = made[grant].flatMap(perName);
  expect(calls.length).toBeGreaterThan(30);
  // The command that the stack prints starts the machine.
  const byCommand = partsOf(GRANTED[grant]).filter(({ actions }) => !actions.includes('states:StartExecution'));
  expect(byCommand.filter((part) => !calls.some((call) => allows([part], call)))).toEqual([]);
});

/** Splits a call about several parameters into one call about each. */
const perName = (call: RecordedCall): readonly Call[] =>
  call.input.Names === undefined
    ? [call]
    : list(call.input, 'Names').map((name) => ({ ...call, input: { Names: [name] } }));
