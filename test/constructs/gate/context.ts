import { Stack } from 'aws-cdk-lib';
import type { GateCheck } from '../../../constructs/gate/gate-check';
import type { GateContext } from '../../../constructs/gate/gate-context';
import { makeFunction, PIPELINE_ENV, testApp } from '../../helpers/fixture';

/** A pipeline of `orders`, in two regions of production. */
export const gateContext = (over: Partial<GateContext> = {}): GateContext => ({
  scope: new Stack(testApp(), 'Pipelines', { env: PIPELINE_ENV }),
  service: 'orders',
  production: ['us-east-1', 'eu-west-1'],
  waveAlarms: { 'us-east-1': ['orders-errors'], 'eu-west-1': ['orders-errors'] },
  ...over,
});

/** Beginning of the ARNs of parameters. */
export const PARAMETERS_ARN = 'arn:aws:ssm:us-west-2:111111111111:parameter/deployment-pipeline';

/** Stages of a check whose options name none. */
export const BOTH_STAGES = ['Canary', 'Production'];

export const bind = (check: GateCheck, context = gateContext()) => check._bind(context);

export const boardIn = (scope: GateContext['scope']) => makeFunction(Stack.of(scope), 'ReviewBoard');

/** Lists the permissions of the gate's role, as they are in the template; the partition as a word. */
export function grantsOf(check: GateCheck, context = gateContext()): { action: unknown; resources: unknown }[] {
  return check._grants(context).map((statement) => {
    const { Action, Resource } = Stack.of(context.scope).resolve(statement.toStatementJson());
    return { action: Action, resources: [Resource].flat().map(joined) };
  });
}

function joined(value: unknown): unknown {
  const parts = (value as { 'Fn::Join'?: [string, unknown[]] })?.['Fn::Join']?.[1];
  if (!parts) return value;
  const known = parts.map((part) =>
    (part as { Ref?: string }).Ref === 'AWS::Partition'
      ? 'aws'
      : typeof part === 'string'
        ? part
        : JSON.stringify(part),
  );
  return known.join('');
}
