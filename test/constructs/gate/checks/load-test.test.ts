import { Aws } from 'aws-cdk-lib';
import { GateCheck } from '../../../../constructs';
import { BOTH_STAGES, bind, grantsOf, PARAMETERS_ARN } from '../context';

describe('load test', () => {
  test('reads one parameter, and no other', () => {
    const check = GateCheck.loadTest({ configuration: '200 rps' });
    expect(bind(check)).toEqual({
      kind: 'LOAD_TEST',
      name: 'load test',
      stages: BOTH_STAGES,
      parameter: '/deployment-pipeline/orders/load-test',
      configuration: '200 rps',
    });
    expect(grantsOf(check)).toEqual([
      { action: 'ssm:GetParameters', resources: [`${PARAMETERS_ARN}/orders/load-test`] },
    ]);
  });

  test('may have any configuration, also one known only at deploy time', () => {
    expect(bind(GateCheck.loadTest())).not.toHaveProperty('configuration');
    expect(bind(GateCheck.loadTest({ configuration: Aws.REGION }))).toMatchObject({ configuration: Aws.REGION });
  });

  test.each([
    ['an empty configuration', ' ', 'configuration is " ", of 1 characters, but must have 1–200'],
    ['a long one', 'x'.repeat(201), 'of 201 characters, but must have 1–200'],
  ])('refuses %s', (_what, configuration, message) => {
    expect(() => GateCheck.loadTest({ configuration })).toThrow(message);
  });
});
