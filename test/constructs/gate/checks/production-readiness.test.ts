import { Aws } from 'aws-cdk-lib';
import { GateCheck, type ReadinessCriterion } from '../../../../constructs';
import { BOTH_STAGES, bind, gateContext, grantsOf, PARAMETERS_ARN } from '../context';

const CRITERION: ReadinessCriterion = { name: 'runbook' };

describe('production readiness', () => {
  const criteria: ReadinessCriterion[] = [
    { name: 'runbook', description: 'on call finds its way' },
    { name: 'dr-test', criticalities: ['tier-1', 'tier-2'] },
    { name: 'pci.audit', criticalities: ['tier-1'] },
  ];
  const check = GateCheck.productionReadiness({ criteria });

  test('checks the criteria for services of this criticality, and reads nothing else', () => {
    const context = gateContext({ criticality: 'tier-2' });
    expect(bind(check, context)).toEqual({
      kind: 'READINESS',
      name: 'production readiness',
      stages: BOTH_STAGES,
      criteria: [{ name: 'runbook', description: 'on call finds its way' }, { name: 'dr-test' }],
      prefix: '/deployment-pipeline/orders/readiness/',
    });
    expect(grantsOf(check, context)).toEqual([
      {
        action: 'ssm:GetParameters',
        resources: [`${PARAMETERS_ARN}/orders/readiness/runbook`, `${PARAMETERS_ARN}/orders/readiness/dr-test`],
      },
    ]);
  });

  test('checks nothing, and reads nothing, where nothing applies', () => {
    const only = GateCheck.productionReadiness({ criteria: criteria.slice(2) });
    const context = gateContext({ criticality: 'tier-3' });
    expect(bind(only, context)).toMatchObject({ criteria: [] });
    expect(grantsOf(only, context)).toEqual([]);
  });

  test('needs no criticality when all criteria apply to every service', () => {
    expect(bind(GateCheck.productionReadiness({ criteria: [CRITERION] }))).toMatchObject({
      criteria: [{ name: 'runbook' }],
    });
  });

  test('refuses a service of unknown criticality', () => {
    expect(() => bind(check)).toThrow(
      'GateCheck.productionReadiness: criterion "dr-test" applies to services of criticality "tier-1" and "tier-2", but that of "orders" ' +
        'is not known: set criticality on its MicroserviceDeploymentPipeline',
    );
  });

  test.each<[string, unknown, string]>([
    ['no criteria', [], 'criteria has 0 criteria, but must have 1–20'],
    ['too many', Array.from({ length: 21 }, (_, i) => ({ name: `c${i}` })), 'criteria has 21 criteria'],
    ['no list', undefined, 'criteria is no list'],
    ['an empty name', [{ name: '' }], 'criteria[0].name is "", but must be 1–50 letters, digits'],
    ['a slash', [CRITERION, { name: 'a/b' }], 'criteria[1].name is "a/b", but must be'],
    ['a space, which names of parameters do not have', [{ name: 'a b' }], 'criteria[0].name is "a b", but must be'],
    ['a name that every object has', [{ name: 'constructor' }], 'criteria[0].name is "constructor", but must be'],
    ['a token', [{ name: Aws.REGION }], 'criteria[0].name is a token'],
    ['a name twice', [CRITERION, CRITERION], 'criteria[1].name is "runbook" for the second time'],
    ['a long description', [{ ...CRITERION, description: 'x'.repeat(101) }], 'criteria[0].description is'],
    [
      'no criticality',
      [{ ...CRITERION, criticalities: [] }],
      'criteria[0].criticalities is [], and would apply to no service',
    ],
    ['an empty criticality', [{ ...CRITERION, criticalities: ['x', ''] }], 'criteria[0].criticalities[1] is ""'],
  ])('refuses %s', (_what, wrong, message) => {
    const make = () => GateCheck.productionReadiness({ criteria: wrong as ReadinessCriterion[] });
    expect(make).toThrow(`GateCheck.productionReadiness: ${message}`);
  });
});
