import { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { GateCheck } from '../../../../constructs';
import { bind, gateContext, grantsOf, PARAMETERS_ARN } from '../context';

describe('freeze', () => {
  test('reads the parameters of the organization, the service, and those that are added', () => {
    const check = GateCheck.freeze({ additionalParameters: ['/payments/freeze', '/deployment-pipeline/freeze'] });
    expect(bind(check)).toMatchObject({
      parameters: ['/deployment-pipeline/freeze', '/deployment-pipeline/orders/freeze', '/payments/freeze'],
    });
    expect(grantsOf(check)).toEqual([
      {
        action: 'ssm:GetParameters',
        resources: [
          `${PARAMETERS_ARN}/freeze`,
          `${PARAMETERS_ARN}/orders/freeze`,
          'arn:aws:ssm:us-west-2:111111111111:parameter/payments/freeze',
        ],
      },
    ]);
  });

  test('takes a parameter whose name is known only at deploy time', () => {
    const context = gateContext();
    const { parameterName } = new ssm.StringParameter(context.scope, 'Freeze', { stringValue: '{}' });
    const check = GateCheck.freeze({ additionalParameters: [parameterName] });
    expect(Stack.of(context.scope).resolve(bind(check, context))).toMatchObject({
      parameters: [expect.anything(), expect.anything(), { Ref: expect.stringMatching(/^Freeze/) }],
    });
    expect(grantsOf(check, context)[0].resources).toEqual([
      expect.anything(),
      expect.anything(),
      expect.stringMatching(/^arn:aws:ssm:us-west-2:111111111111:parameter\{"Ref":"Freeze\w+"\}$/),
    ]);
  });

  test.each<[string, unknown, string]>([
    ['a name without a slash', ['freeze'], 'additionalParameters[0] is "freeze", but must be the name of a parameter'],
    ['a pattern', ['/payments/*'], 'additionalParameters[0] is "/payments/*", but'],
    ['an ARN', ['/ok', 'arn:aws:ssm:eu-west-1:1:parameter/x'], 'additionalParameters[1] is "arn:'],
    ['too many', Array(9).fill('/x'), 'additionalParameters has 9 names, but at most 8 are read at once'],
    ['no list', '/x', 'additionalParameters is no list'],
  ])('refuses %s', (_what, names, message) => {
    expect(() => GateCheck.freeze({ additionalParameters: names as string[] })).toThrow(`GateCheck.freeze: ${message}`);
  });
});
