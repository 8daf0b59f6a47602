import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { GateCheck, GateStage, type ReadinessCriterion } from '../../../constructs';
import { bindChecks } from '../../../constructs/gate/bind-checks';
import type { GateConfig } from '../../../lib/gate/config';
import { readGateConfig } from '../../../lib/gate/config';
import { gateContext } from './context';

const CRITERION: ReadinessCriterion = { name: 'runbook' };

describe('the checks of a pipeline', () => {
  const all = (context = gateContext({ criticality: 'tier-1' })) => [
    GateCheck.cadence({ maxPerDay: 2, minimumInterval: Duration.hours(1), stages: [GateStage.CANARY] }),
    GateCheck.loadTest({ configuration: '200 rps', errorBlocks: false }),
    GateCheck.productionReadiness({ criteria: [{ ...CRITERION, description: 'x', criticalities: ['tier-1'] }] }),
    GateCheck.freeze({ additionalParameters: ['/payments/freeze'] }),
    GateCheck.openAlarms({ alarms: [{ names: ['pager'], regions: ['eu-west-1'] }] }),
    GateCheck.custom({
      handler: lambda.Function.fromFunctionArn(
        context.scope,
        'Board',
        'arn:aws:lambda:us-west-2:111111111111:function:board',
      ),
      parameters: { board: 'payments' },
    }),
  ];

  test('are read by the gate as they were made', () => {
    const context = gateContext({ criticality: 'tier-1' });
    const config: GateConfig = {
      schema: 1,
      service: 'orders',
      production: { 'us-east-1': '333333333333', 'eu-west-1': '333333333333' },
      checks: bindChecks(all(context), context).configs,
    };
    expect(readGateConfig(JSON.stringify(config))).toEqual(config);
  });

  test('are kept in their order, with all that their role needs', () => {
    const context = gateContext({ criticality: 'tier-1' });
    const { configs, grants } = bindChecks(all(context), context);
    expect(configs.map(({ name }) => name)).toEqual([
      'cadence',
      'load test',
      'production readiness',
      'freeze',
      'open alarms',
      'Board',
    ]);
    expect(grants).toHaveLength(4);
  });

  test('have different names', () => {
    const checks = [GateCheck.freeze(), GateCheck.loadTest({ name: 'Freeze' })];
    expect(() => bindChecks(checks, gateContext())).toThrow(
      'gate has two checks that are called "Freeze", whatever the case of its letters',
    );
  });

  test('are so few that one message names all', () => {
    const checks = Array.from({ length: 21 }, (_, i) => GateCheck.loadTest({ name: `test ${i}` }));
    expect(() => bindChecks(checks, gateContext())).toThrow(
      'gate has 21 checks, but at most 20 are answered in one message',
    );
    expect(bindChecks(checks.slice(1), gateContext()).configs).toHaveLength(20);
  });
});
