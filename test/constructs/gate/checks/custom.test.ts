import { Aws, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { GateCheck } from '../../../../constructs';
import { PIPELINE_ENV, testApp } from '../../../helpers/fixture';
import { BOTH_STAGES, bind, boardIn, gateContext, grantsOf } from '../context';

describe('custom', () => {
  test('invokes a function, and may invoke no other', () => {
    const context = gateContext();
    const handler = boardIn(context.scope);
    const check = GateCheck.custom({ handler, parameters: { board: 'payments', region: Aws.REGION } });
    expect(bind(check, context)).toEqual({
      kind: 'CUSTOM',
      name: 'ReviewBoard',
      stages: BOTH_STAGES,
      functionName: handler.functionArn,
      parameters: { board: 'payments', region: Aws.REGION },
    });
    expect(grantsOf(check, context)).toEqual([
      {
        action: 'lambda:InvokeFunction',
        resources: [{ 'Fn::GetAtt': [expect.stringMatching(/^ReviewBoard/), 'Arn'] }],
      },
    ]);
  });

  test('invokes an alias as such', () => {
    const context = gateContext();
    const handler = lambda.Function.fromFunctionArn(
      context.scope,
      'Board',
      'arn:aws:lambda:us-west-2:111111111111:function:board:live',
    );
    const check = GateCheck.custom({ handler });
    const arn = 'arn:aws:lambda:us-west-2:111111111111:function:board:live';
    expect(bind(check, context)).toMatchObject({ functionName: arn });
    expect(grantsOf(check, context)).toEqual([{ action: 'lambda:InvokeFunction', resources: [arn] }]);
  });

  test.each([
    [
      'region',
      { ...PIPELINE_ENV, region: 'eu-west-1' },
      'is in the region eu-west-1, but the pipeline is in us-west-2',
    ],
    [
      'account',
      { ...PIPELINE_ENV, account: '999999999999' },
      'is in the account 999999999999, but the pipeline is in 111111111111',
    ],
  ])('refuses a function of another %s', (_what, env, message) => {
    const app = testApp();
    const context = gateContext({ scope: new Stack(app, 'Pipelines', { env: PIPELINE_ENV }) });
    const check = GateCheck.custom({ handler: boardIn(new Stack(app, 'Boards', { env })) });
    expect(() => bind(check, context)).toThrow(message);
  });

  test('refuses to have none', () => {
    expect(() => GateCheck.custom({} as { handler: lambda.IFunction })).toThrow(
      'GateCheck.custom: handler is missing: give it the Lambda function that answers with a verdict',
    );
  });

  test.each<[string, object, string]>([
    ['a long value', { board: 'x'.repeat(201) }, 'parameters.board is "xxx'],
    ['a number', { board: 7 }, 'parameters.board is 7, but must be a text of at most 200 characters'],
    ['an empty name', { '': 'x' }, 'parameters has the name "", but must have names of 1–50 characters'],
    ['a name that every object has', { toString: 'x' }, 'parameters has the name "toString"'],
    ['too many', Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`p${i}`, 'x'])), 'parameters has 21 values'],
  ])('refuses %s as parameter', (_what, parameters, message) => {
    const handler = boardIn(gateContext().scope);
    const make = () => GateCheck.custom({ handler, parameters: parameters as { [name: string]: string } });
    expect(make).toThrow(`GateCheck.custom: ${message}`);
  });
});
