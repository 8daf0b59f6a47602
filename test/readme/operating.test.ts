import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { notByStage } from '../../lib/ledger/stage-rollback';
import { grantedPolicies } from '../e2e/granted';
import { LocalPipeline } from '../e2e/local-pipeline';
import { planByHand } from '../e2e/plan';
import { command } from '../helpers/command-line';
import { sample } from '../helpers/sample';
import type { Statement as Allowed } from '../local-aws/iam';

const ROOT = path.join(__dirname, '..', '..');
const GUIDE = readFileSync(path.join(ROOT, 'docs', 'operating.md'), 'utf8');

test('every quote of the refusal to roll back a stage has its words', () => {
  const quotes = GUIDE.match(/rolls a stage back to [^.,]*/g) ?? [];
  const words = notByStage('orders', '…', '…').split('. ')[0];
  expect(quotes).toHaveLength(2);
  for (const quote of quotes) expect(words).toContain(quote.replace(/`<[^>]*>`/g, '…'));
});

/** Runbook of docs/operating.md for a release that was stopped, and that the safety net has not seen. */
describe('a release that a person stopped after its first wave', () => {
  let pipeline: LocalPipeline;
  const production = () => Object.values(pipeline.fleet.fleet('PRODUCTION'));

  beforeEach(async () => {
    pipeline = await LocalPipeline.start({ plan: planByHand() });
    await pipeline.release('e-1', { to: 'Wave1' });
    pipeline.setStatus('e-1', 'Stopped');
  });
  afterEach(() => pipeline.close());

  test('makes the next release wait, with the words of the guide', async () => {
    const [{ waits }] = await pipeline.release('e-2', { from: 'acquire', to: 'acquire' });

    expect(waits).toBe('held by release e-1 (microservice-deployment-pipeline)');
    expect(GUIDE).toContain('> held by release `<execution>` (microservice-deployment-pipeline)');
  });

  test('blocks a release that somebody lets in, with the words of the guide', async () => {
    pipeline.transition('Canary').enabled = true;
    const [take] = await pipeline.release('e-2', { from: 'acquire', to: 'acquire' });

    expect(take).toMatchObject({ failed: true, message: expect.stringContaining('its execution is Stopped') });
    for (const words of [
      'Production is held by release',
      'has shifted traffic: roll it back, or retry its failed stage.',
    ]) {
      expect(take.message).toContain(words);
      expect(GUIDE).toContain(words);
    }
  });

  test('goes back when the command of the guide is given, and the next one waits until a person resumes', async () => {
    const [, input] = /start-execution [^']*--input '([^']*)'/.exec(GUIDE) ?? [];
    const given = JSON.parse(
      input.replace('<execution>', 'e-1').replace('<your name>', 'Ada').replace('<why>', 'orders are lost'),
    );
    const answer = await pipeline.rollback(given);

    expect(answer).toMatchObject({
      status: 'FAILED',
      error: 'RolledBack',
      cause: expect.stringMatching(
        /orders are lost; no release follows until: npx microservice-deployment-pipeline resume --service orders$/,
      ),
    });
    expect(new Set(production().map((shares) => JSON.stringify(shares)))).toEqual(new Set(['{"1":1}']));
    expect((await pipeline.ledger()).holder).toMatchObject({ state: 'FREE', ended: 'ROLLED_BACK' });

    const next = await pipeline.release('e-2');
    expect(next[0].waits).toBe(
      'held for Ada - orders are lost - until npx microservice-deployment-pipeline resume --service orders (microservice-deployment-pipeline)',
    );
    expect(GUIDE).toContain(next[0].waits?.replace('Ada', '`<name>`').replace('orders are lost', '`<reason>`'));
  });
});

describe('the command line, as the guide has it', () => {
  const OPERATOR = { account: '222222222222', region: 'eu-west-1' };
  const ACCOUNTS = ['111111111111', '222222222222'];
  const block = (name: string): string => {
    const [, text] = new RegExp(`<!-- ${name} -->\\n\`\`\`\\w+\\n([^\`]*)\`\`\``).exec(GUIDE) ?? [];
    if (text === undefined) throw new Error(`The guide has no block ${name}`);
    return text;
  };
  let pipeline: LocalPipeline;
  const rollback = () => {
    const options = ['--role-name', 'operator', '--because', 'orders are lost', '--by', 'Ada', '--yes'];
    return command(pipeline.world, OPERATOR, 'rollback', '--service', 'orders', ...options);
  };

  /**
   * Replaces ids by the order in which they are shown: CodeDeploy decides which of two functions gets its deployment
   * first.
   */
  const numbered = (text: string): string => {
    const ids = [...new Set(text.match(/d-[0-9A-Z]{9}/g))];
    return text.replace(/d-[0-9A-Z]{9}/g, (id) => `d-${ids.indexOf(id)}`);
  };

  beforeEach(async () => {
    pipeline = await LocalPipeline.start({ plan: planByHand() });
    const { sts } = pipeline.world;
    for (const account of ACCOUNTS) sts.addRole(`arn:aws:iam::${account}:role/operator`, [OPERATOR.account]);
    await pipeline.release('e-1', { to: 'Wave1' });
    pipeline.setStatus('e-1', 'Stopped');
  });
  afterEach(() => pipeline.close());

  test('prints what the guide shows', async () => {
    pipeline.world.faults = ({ region }) => (region === 'us-west-2' ? { kind: 'no-answer', effect: false } : undefined);
    const [, ...shown] = block('rollback').trimEnd().split('\n');
    expect(numbered((await rollback()).output).split('\n')).toEqual(numbered(shown.join('\n')).split('\n'));
  });

  describe('with the policy of the guide', () => {
    interface Statement {
      readonly Action: string | readonly string[];
      readonly Resource: string | readonly string[];
    }

    const { grantRollback, grantHold } = grantedPolicies();

    /**
     * Policies of the roles: in production's account the one of the guide, in the pipeline's the grants that it lists.
     */
    const attach = (without?: string): void => {
      const { Statement } = JSON.parse(block('policy')) as { Statement: readonly Statement[] };
      const documented = Statement.map(({ Action, Resource }) => ({
        actions: [Action].flat(),
        resources: [Resource].flat(),
      }));
      const attachLess = (principal: string, statements: readonly Allowed[]) => {
        const less = statements.map((each) => ({ ...each, actions: each.actions.filter((one) => one !== without) }));
        pipeline.world.iam.attach(principal, less);
      };
      attachLess(`arn:aws:iam::${OPERATOR.account}:root`, documented);
      attachLess(`arn:aws:iam::${OPERATOR.account}:role/operator`, documented);
      attachLess('arn:aws:iam::111111111111:role/operator', [...grantRollback, ...grantHold]);
    };

    test('makes all its calls', async () => {
      attach();
      expect((await rollback()).exitCode).toBe(0);
      const resumed = await command(
        pipeline.world,
        OPERATOR,
        ...['resume', '--service', 'orders', '--role-name', 'operator'],
      );
      expect(resumed).toMatchObject({ exitCode: 0, output: expect.stringContaining('Enabled the transitions') });
      expect(pipeline.world.calls.filter(({ error }) => error?.startsWith('AccessDenied'))).toEqual([]);
    });

    test.each(sample(['codedeploy:ListDeployments', 'lambda:GetAlias', 'dynamodb:PutItem', 'ssm:GetParameters'], 1))(
      'and less would not do: without %s',
      async (action) => {
        attach(action);
        expect((await rollback()).exitCode).not.toBe(0);
      },
    );

    test.each([
      ['it makes all its calls', undefined, 3],
      ['it fails without ssm:GetParameterHistory', 'ssm:GetParameterHistory', 1],
    ])('when the pipeline’s region is down, %s', async (_name, without, exitCode) => {
      attach(without);
      pipeline.world.faults = ({ region }) =>
        region === 'us-west-2' ? { kind: 'no-answer', effect: false } : undefined;
      expect((await rollback()).exitCode).toBe(exitCode);
    });
  });
});

/** Parts of messages that the guide explains, with nothing in them that changes. */
const WORDS = [
  'Production is held by release',
  'Its canary has not returned: roll it back.',
  'It is being rolled back since',
  'The ledger does not say whether it has shifted traffic.',
  'A release runs once; start a new execution of the pipeline.',
  'which has acquired production since.',
  'must not begin now:',
  'would wait for its window',
  'that meets',
  'for publishing, starting and settling,',
  'h are allowed',
  'never opens again',
  'Retry the stage at a better time, or let the next release pass.',
  'waits for its window',
  'the ledger could not be read or updated:',
  'since not all of its rollouts have passed:',
  'does not hold production any more:',
  'retry the action that acquires production',
  'may run only after',
  'has never been published: there is no parameter',
  'the ledger has no candidate for',
  'their execution role',
  'their dead-letter queue',
  'has provisioned concurrency under its alias,',
  'serves nothing that could be shifted: publish it again',
  'did not get its anchor: deployment',
  'to everybody: there is nothing left to probe',
  'nothing has shifted, so there is nothing to roll back:',
  'waits to start:',
  'but has not been evaluated since it was configured at',
  'the stable revisions could not be written:',
  'which acquired production later, at',
  'does not exist',
  'in its deployment group',
  'instead of its stable',
  'no single stable revision',
  'the anchor is being set for',
  'rolled back to',
  'has promoted the canary before its observation ended',
  'no answer for more than',
  'cannot settle:',
  'left as it is:',
  'the rollback is not complete, production stays held:',
  'cannot be published:',
  'did not get ready in time:',
  'kept changing while it was to be published',
  'which cannot be rolled out.',
  'CollectFailed',
  'RollbackIncomplete',
  'ended before anything of it had shifted:',
  'production is free',
  'No release acquires production until: npx microservice-deployment-pipeline resume',
  'is not the last stable one: that is',
  'has acquired production since: roll that one back first',
  'nothing was touched, since not all can return:',
  'does not exist any more',
  'has been rolled back already',
  'the pipeline could not be held',
  'has ended already:',
  'has passed: it had to be over by',
  ': returns by design',
  'anchor before',
  'rollback of',
];

describe('the guide quotes', () => {
  const sources = readdirSync(path.join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(ROOT, 'lib', file), 'utf8'))
    .join('\n');
  const guide = GUIDE.replace(/\n(> )?/g, ' ');

  test.each(WORDS)('%s', (words) => {
    expect(guide).toContain(words);
    expect(sources).toContain(words);
  });
});
