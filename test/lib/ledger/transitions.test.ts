import { holdReason, isOurs, personReason, type Transition, toHold, toReopen } from '../../../lib/ledger/transitions';

const EXECUTION = '3f0b2c66-8f0e-4a5b-9a64-0b0e3d2c1a00';

type Who = Pick<Transition, 'waiting' | 'inside'>;
const open = (stage: string, who: Who = {}): Transition => ({ stage, enabled: true, ...who });
const held = (stage: string, reason: string, who: Who = {}): Transition => ({ stage, enabled: false, reason, ...who });
const ours = (stage: string, who: Who = {}) => held(stage, holdReason('e-1'), who);

describe('the reason of a transition that is held', () => {
  test('names the release, and is valid for CodePipeline', () => {
    const reason = holdReason(EXECUTION);
    expect(reason).toBe(`held by release ${EXECUTION} (microservice-deployment-pipeline)`);
    expect(reason).toMatch(/^[a-zA-Z0-9!@ ().*?-]+$/);
  });

  test.each(['a/b_c', 'x'.repeat(400), 'é, "quoted"'])('is valid for CodePipeline for %j, too', (executionId) => {
    const reason = holdReason(executionId);
    expect(reason).toMatch(/^[a-zA-Z0-9!@ ().*?-]{1,300}$/);
    expect(isOurs(held('Canary', reason))).toBe(true);
  });

  test.each([
    'frozen until Monday',
    'held by release e-1',
    'held by release e-1 (microservice-deployment-pipeline) and by Ada',
    'Ada - held by release e-1 (microservice-deployment-pipeline)',
    'held by release of Ada (microservice-deployment-pipeline)',
  ])('is not a person’s: %j', (reason) => {
    expect(isOurs(held('Canary', reason))).toBe(false);
  });

  test.each([
    ['Ada', 'errors in eu-west-1'],
    ['ada@example.org', 'Bestellungen "verloren": 5 %, siehe https://x.y/z\n'],
    ['x'.repeat(200), 'y'.repeat(400)],
  ])('of a person’s hold is valid for CodePipeline, and is recognized as ours: %s', (by, reason) => {
    const words = personReason({ service: 'orders', by, reason, at: '2026-03-02T10:00:00Z' });
    expect(words).toMatch(/^[a-zA-Z0-9!@ ().*?-]{1,300}$/);
    expect(words).toContain('npx microservice-deployment-pipeline resume --service orders');
    expect(isOurs(held('Canary', words))).toBe(true);
  });

  test('without one, a disabled transition is not ours', () => {
    expect(isOurs({ stage: 'Canary', enabled: false })).toBe(false);
  });
});

describe('to hold', () => {
  test('are those that are enabled, and those that another release of ours has left', () => {
    expect(toHold([open('UpdatePipeline'), held('Canary', holdReason('e-0'))], holdReason('e-1'))).toEqual([
      'UpdatePipeline',
      'Canary',
    ]);
  });

  test('are not those that a person holds, or that name the release already', () => {
    expect(toHold([held('UpdatePipeline', 'frozen'), ours('Canary')], holdReason('e-1'))).toEqual([]);
  });
});

describe('to reopen', () => {
  test('are ours, of whatever release, the last stage first', () => {
    const transitions = [held('UpdatePipeline', holdReason('e-0')), ours('Canary')];
    expect(toReopen(transitions, 'e-1')).toEqual(['Canary', 'UpdatePipeline']);
    expect(toReopen(transitions, undefined)).toEqual(['Canary', 'UpdatePipeline']);
  });

  test('are none that are enabled or that a person holds', () => {
    expect(toReopen([open('UpdatePipeline'), held('Canary', 'frozen')], 'e-1')).toEqual([]);
  });

  test.each([
    ['waits in front of Canary', ours('Canary', { waiting: 'e-2' }), ['Canary']],
    ['is about to enter Canary', open('Canary', { waiting: 'e-2' }), []],
    ['has entered Canary', open('Canary', { inside: 'e-2' }), []],
    ['has entered Canary before a person held it', held('Canary', 'frozen', { inside: 'e-2' }), []],
  ])('is not UpdatePipeline while a release %s, which acquires production next', (_where, canary, stages) => {
    expect(toReopen([ours('UpdatePipeline'), canary], 'e-1')).toEqual(stages);
  });

  test('is UpdatePipeline while the release that ended is still in Canary', () => {
    const canary = ours('Canary', { inside: 'e-1' });
    expect(toReopen([ours('UpdatePipeline'), canary], 'e-1')).toEqual(['Canary', 'UpdatePipeline']);
  });

  test('is UpdatePipeline when the release in front of Canary waits for a person', () => {
    const canary = held('Canary', 'frozen', { waiting: 'e-2' });
    expect(toReopen([ours('UpdatePipeline', { waiting: 'e-3' }), canary], 'e-1')).toEqual(['UpdatePipeline']);
  });
});
