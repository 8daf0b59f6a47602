import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { BREAK_GLASS, FREEZE, LEAD, NO_LEAD } from './local-gate';
import { LocalPipeline, TABLE } from './local-pipeline';
import { PIPELINE, PIPELINE_NAME, planByHand } from './plan';

jest.setTimeout(180_000);

/** Tests people's mistakes at a gate, and the notices about them. */
let pipeline: LocalPipeline;
beforeEach(async () => {
  pipeline = await LocalPipeline.start({ plan: planByHand() });
});
afterEach(() => pipeline.close());

const freeze = (): void =>
  pipeline.world.ssm.put(PIPELINE, FREEZE, JSON.stringify({ reason: 'payment outage', by: 'Ada' }));

const breakGlass = (executionId: string, by: string, more: object = {}): void => {
  const until = new Date(pipeline.clock.now() + 3_600_000).toISOString();
  const glass = { schema: 1, incident: 'INC-1', reason: 'checkout is down', by: 'Ada', until, executionId, ...more };
  pipeline.world.ssm.put(PIPELINE, BREAK_GLASS, JSON.stringify(glass), by);
};

const whys = (): readonly string[] => pipeline.world.sns.published.map(({ texts }) => texts.default);

describe('a stage rollback in the console', () => {
  test('is refused by the gate with the command that rolls a release back, and never retried', async () => {
    freeze();
    pipeline.world.codepipeline.rollbackStage(PIPELINE, PIPELINE_NAME, 'e-2', 'e-0');
    const { failed, message } = await pipeline.runAction('gate canary', 'e-2');
    expect(failed).toBe(true);
    expect(message).toContain('Roll back with: npx microservice-deployment-pipeline rollback --service orders');
    expect(message).not.toContain('freeze');
    expect(pipeline.notices).toEqual(['Canary blocked']);

    pipeline.world.ssm.delete(PIPELINE, FREEZE);
    pipeline.transition('Canary').inside = 'e-2';
    pipeline.setStatus('e-2', 'Failed');
    await pipeline.clock.sleep(3_600);
    await pipeline.recheckBlocked();
    expect(pipeline.world.codepipeline.retried).toEqual([]);
  });
});

describe('refused broken glass', () => {
  test('is reported at the gate’s next check, once', async () => {
    freeze();
    await pipeline.release('e-1');
    breakGlass('e-1', NO_LEAD);
    await pipeline.recheckBlocked();
    await pipeline.recheckBlocked();
    expect(pipeline.notices).toEqual(['gate of Canary blocks', 'gate of Canary blocks']);
    expect(whys()[1]).toContain(
      'to break it, write /deployment-pipeline/orders/break-glass again as the role incident-lead',
    );
    expect(pipeline.world.codepipeline.retried).toEqual([]);
  });

  test('is reported again if its new text is wrong in another way', async () => {
    freeze();
    await pipeline.release('e-1');
    breakGlass('e-1', NO_LEAD);
    await pipeline.recheckBlocked();
    breakGlass('e-9', LEAD);
    await pipeline.recheckBlocked();
    expect(whys().at(-1)).toContain('it is for the release e-9, but this is e-1');
  });

  test('is reported once, although its answer shows another time every minute', async () => {
    freeze();
    await pipeline.release('e-1');
    pipeline.world.ssm.put(PIPELINE, BREAK_GLASS, 'let me in', LEAD);
    await pipeline.recheckBlocked();
    await pipeline.clock.advance(10);
    await pipeline.recheckBlocked();
    expect(pipeline.notices).toEqual(['gate of Canary blocks', 'gate of Canary blocks']);
    expect(whys()[1]).toContain('Write it such as');
  });

  test('that cannot be read is reported once, whatever the error says', async () => {
    freeze();
    await pipeline.release('e-1');
    let requests = 0;
    pipeline.world.faults = ({ operation }) =>
      operation === 'GetParameterHistory'
        ? { kind: 'error', name: 'AccessDeniedException', message: `request ${++requests} is denied` }
        : undefined;
    await pipeline.recheckBlocked();
    await pipeline.recheckBlocked();
    expect(requests).toBe(2);
    expect(pipeline.notices).toEqual(['gate of Canary blocks', 'gate of Canary blocks']);
  });

  test('is reported once more if an earlier version wrote the ledger’s item', async () => {
    freeze();
    await pipeline.release('e-1');
    breakGlass('e-1', NO_LEAD);
    await pipeline.recheckBlocked();
    const client = new DynamoDBClient(pipeline.world.client(PIPELINE));
    const { 'blocked#Canary': item } = (await pipeline.ledger()).all;
    const earlier = { pk: 'blocked#Canary', ...item, refused: 'it was written by nobody', refusal: undefined };
    const Item = marshall(earlier, { removeUndefinedValues: true });
    await client.send(new PutItemCommand({ TableName: TABLE, Item }));
    await pipeline.recheckBlocked();
    await pipeline.recheckBlocked();
    expect(pipeline.notices).toEqual(Array(3).fill('gate of Canary blocks'));
    expect(pipeline.world.codepipeline.retried).toEqual([]);
  });

  test('is also reported where nothing blocks: the canary is not shortened', async () => {
    breakGlass('e-1', LEAD, { trafficCycleMinutes: 1 });
    const job = await pipeline.runAction('gate canary', 'e-1');
    expect(job.failed).toBe(false);
    expect(job.message).toContain('its trafficCycleMinutes is 1, but the standard');
  });

  test('of an older release is not reported where nothing blocks', async () => {
    breakGlass('e-0', NO_LEAD);
    const { message } = await pipeline.runAction('gate canary', 'e-1');
    expect(message).not.toContain('break glass');
  });
});

describe('a blocked release', () => {
  test('is not reported as lost if another call retries it at the same moment', async () => {
    freeze();
    await pipeline.release('e-1');
    pipeline.world.ssm.delete(PIPELINE, FREEZE);
    pipeline.world.faults = ({ operation }) => {
      if (operation !== 'RetryStageExecution') return undefined;
      pipeline.setStatus('e-1', 'InProgress');
      return { kind: 'error', name: 'StageNotRetryableException', message: 'another retry attempt is in progress' };
    };
    await pipeline.recheckBlocked();
    expect(pipeline.notices).toEqual(['gate of Canary blocks']);
  });

  test('is reported as lost if CodePipeline will never retry it', async () => {
    freeze();
    await pipeline.release('e-1');
    pipeline.world.ssm.delete(PIPELINE, FREEZE);
    pipeline.world.faults = ({ operation }) =>
      operation === 'RetryStageExecution'
        ? { kind: 'error', name: 'StageNotRetryableException', message: 'the pipeline has changed' }
        : undefined;
    await pipeline.recheckBlocked();
    expect(pipeline.notices).toEqual(['gate of Canary blocks', 'Canary blocked']);
    expect(whys()[1]).toContain('Start a new execution of the pipeline');
  });
});
