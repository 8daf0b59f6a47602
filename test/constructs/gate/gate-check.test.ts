import { Aws } from 'aws-cdk-lib';
import { GateCheck, type GateCheckOptions, GateStage, type ReadinessCriterion } from '../../../constructs';
import { BOTH_STAGES, bind, boardIn, gateContext } from './context';

const CRITERION: ReadinessCriterion = { name: 'runbook' };

describe('every check', () => {
  test('belongs to both gates, and blocks unless it passes', () => {
    expect(bind(GateCheck.freeze())).toEqual({
      kind: 'FREEZE',
      name: 'freeze',
      stages: BOTH_STAGES,
      parameters: ['/deployment-pipeline/freeze', '/deployment-pipeline/orders/freeze'],
    });
  });

  test('may be configured otherwise', () => {
    const options = {
      name: 'p99.9 of 50 %',
      stages: [GateStage.PRODUCTION, GateStage.PRODUCTION],
      inconclusiveBlocks: false,
      errorBlocks: false,
    };
    expect(bind(GateCheck.loadTest(options))).toMatchObject({
      name: 'p99.9 of 50 %',
      stages: ['Production'],
      inconclusiveBlocks: false,
      errorBlocks: false,
    });
  });

  test('has its stages in the order of the gates', () => {
    const stages = [GateStage.PRODUCTION, GateStage.CANARY];
    expect(bind(GateCheck.loadTest({ stages })).stages).toEqual(BOTH_STAGES);
  });

  const factories: [string, (options: GateCheckOptions) => GateCheck][] = [
    ['cadence', (options) => GateCheck.cadence({ maxPerDay: 1, ...options })],
    ['loadTest', (options) => GateCheck.loadTest(options)],
    ['productionReadiness', (options) => GateCheck.productionReadiness({ criteria: [CRITERION], ...options })],
    ['freeze', (options) => GateCheck.freeze(options)],
    ['openAlarms', (options) => GateCheck.openAlarms(options)],
    ['custom', (options) => GateCheck.custom({ handler: boardIn(gateContext().scope), ...options })],
  ];
  const wrong: [string, object, string][] = [
    ['an empty name', { name: '' }, 'name is "", but must be 1–50 letters, digits, spaces and . % _ -'],
    ['a long name', { name: 'x'.repeat(51) }, `name is "${'x'.repeat(51)}", but must be 1–50 letters`],
    ['a name with other characters', { name: 'freeze!' }, 'name is "freeze!", but must be'],
    ['a name that ends with a space', { name: 'freeze ' }, 'name is "freeze ", but must be'],
    ['a token as name', { name: Aws.REGION }, 'name is a token'],
    ['no stages', { stages: [] }, 'stages is [], but a check belongs to at least one gate: add GateStage.CANARY'],
    [
      'a stage that has no gate',
      { stages: ['STAGING'] },
      'stages has "STAGING", but must have gates: use GateStage.CANARY',
    ],
  ];
  describe.each(factories)('%s', (factory, make) => {
    test.each(wrong)('refuses %s', (_what, options, message) => {
      expect(() => make(options)).toThrow(`GateCheck.${factory}: ${message}`);
    });

    test('has a name of its own', () => {
      expect(make({ name: 'x' })._bind(gateContext()).name).toBe('x');
    });
  });
});
