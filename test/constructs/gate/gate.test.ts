import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  BudgetPolicy,
  DeploymentStandard,
  GateCheck,
  type MicroserviceDeploymentPipelineProps,
  Slo,
} from '../../../constructs';
import type { GateConfig } from '../../../lib/gate/config';
import { readGateConfig } from '../../../lib/gate/config';
import { PIPELINE_ENV, synthesize, testApp } from '../../helpers/fixture';

/** Returns the configuration of the gate of a synthesized pipeline. */
function configOf(template: Template): GateConfig {
  const [handler] = Object.values(
    template.findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { GATE: Match.anyValue() } } },
    }),
  );
  return readGateConfig(handler.Properties.Environment.Variables.GATE);
}

/** The stack of production in eu-west-1. */
function environmentTemplate(overrides: Partial<MicroserviceDeploymentPipelineProps> = {}): Template {
  const { app } = synthesize(overrides);
  const found = app.node
    .findAll()
    .find((each) => Stack.isStack(each) && each.region === 'eu-west-1' && each.stackName === 'shop-production');
  return Template.fromStack(found as Stack);
}

const gateOf = (overrides: Partial<MicroserviceDeploymentPipelineProps> = {}) =>
  configOf(synthesize(overrides).template);

describe('the checks of a gate', () => {
  test('always are a freeze and open alarms', () => {
    const { checks } = gateOf();
    expect(checks.map(({ kind }) => kind)).toEqual(['FREEZE', 'OPEN_ALARMS']);
    expect(checks[1]).toMatchObject({
      alarms: [
        { regions: ['us-east-1', 'eu-west-1', 'ap-southeast-2'], names: ['shop-production-handler-wave-errors'] },
      ],
    });
  });

  test('have one for the error budget of every objective', () => {
    const { checks } = gateOf({ slos: [Slo.availability(99.99), Slo.latency(99, Duration.millis(300))] });
    expect(checks.slice(2)).toMatchObject([
      { kind: 'ERROR_BUDGET', name: 'availability 99.99', objective: 99.99, fastBurn: 14.4, silentMinutes: 1_440 },
      { kind: 'ERROR_BUDGET', name: 'latency 99 in 300 ms', source: { kind: 'LATENCY', thresholdMs: 300 } },
    ]);
  });

  test('follow the policy of the service, else that of the standard', () => {
    const app = testApp();
    DeploymentStandard.set(app, new DeploymentStandard({ budgetPolicy: BudgetPolicy.carryOver().warnBelow(20) }));
    const slos = [Slo.availability(99.9)];
    const ofStandard = configOf(synthesize({ slos }, app).template);
    expect(ofStandard.checks[2]).toMatchObject({ policy: { kind: 'CARRY_OVER' }, warnBelow: 20 });
    expect(gateOf({ slos, budgetPolicy: BudgetPolicy.carryOver() }).checks[2]).toMatchObject({
      policy: { kind: 'CARRY_OVER' },
      warnBelow: undefined,
    });
  });

  test('of the standard come first, and replace those that are always there', () => {
    const app = testApp();
    const freeze = GateCheck.freeze({ additionalParameters: ['/payments/freeze'] });
    DeploymentStandard.set(app, new DeploymentStandard({ gateChecks: [freeze] }));
    const { checks } = configOf(synthesize({ gateChecks: [GateCheck.cadence({ maxPerDay: 2 })] }, app).template);
    expect(checks.map(({ name }) => name)).toEqual(['open alarms', 'freeze', 'cadence']);
  });

  test('cannot be weakened by a service, which only adds its own', () => {
    expect(() => synthesize({ gateChecks: [GateCheck.freeze({ errorBlocks: false })] })).toThrow(
      'two checks that are called "freeze"',
    );
    const { checks } = gateOf({ gateChecks: [GateCheck.freeze({ name: 'own freeze', errorBlocks: false })] });
    expect(checks.map(({ name }) => name)).toEqual(['freeze', 'open alarms', 'own freeze']);
  });

  test('have different names', () => {
    const slos = [Slo.availability(99.9), Slo.availability(99.9)];
    expect(() => synthesize({ slos })).toThrow('gate has two checks that are called "availability 99.9"');
  });

  test('that do not fit into the environment of a function are refused', () => {
    const criteria = Array.from({ length: 20 }, (_each, i) => ({
      name: `criterion-${i}`,
      description: 'x'.repeat(100),
    }));
    const gateChecks = ['a', 'b'].map((name) => GateCheck.productionReadiness({ name, criteria }));
    expect(() => synthesize({ gateChecks })).toThrow(/The checks of the gate have \d+ bytes, but at most 3500 fit/);
  });

  test('of Application Signals keep no calendar months', () => {
    const slos = [Slo.applicationSignals(99.9, 'orders')];
    expect(() => synthesize({ slos, budgetPolicy: BudgetPolicy.carryOver() })).toThrow(
      'policy of "signals orders" counts calendar months',
    );
  });

  test('of Application Signals are in regions of production', () => {
    expect(() => synthesize({ slos: [Slo.applicationSignals(99.9, 'orders', ['eu-north-1'])] })).toThrow(
      'has "eu-north-1", but production of "shop" is in us-east-1, eu-west-1, ap-southeast-2',
    );
  });
});

describe('the role of the gate', () => {
  const { template } = synthesize({ slos: [Slo.availability(99.9)] });
  const [role] = Object.values(
    template.findResources('AWS::IAM::Role', { Properties: { RoleName: 'shop-us-west-2-gate-handler' } }),
  );
  const statements: { Action: string | string[]; Resource: unknown; Condition?: unknown }[] =
    role.Properties.Policies[0].PolicyDocument.Statement;
  const of = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));

  test('writes only its own items of the ledger, and deletes none', () => {
    expect(of('dynamodb:PutItem')).toMatchObject([
      { Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['blocked#*', 'break-glass#*'] } } },
    ]);
    expect(of('dynamodb:UpdateItem').map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['blocked#*', 'break-glass#*'] } },
      {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['release#*'] },
        'ForAllValues:StringEquals': {
          'dynamodb:Attributes': ['pk', 'executionId', 'endedAt', 'trafficCycleMinutes', 'changes'],
        },
      },
    ]);
    expect(of('dynamodb:DeleteItem')).toEqual([]);
  });

  test('retries its two stages, and no other', () => {
    expect(JSON.stringify(of('codepipeline:RetryStageExecution')[0].Resource)).toMatch(
      /shop\/Canary.*shop\/Production/,
    );
  });

  test('assumes the gate roles of production, and no others', () => {
    const resources = JSON.stringify(of('sts:AssumeRole')[0].Resource);
    for (const region of ['us-east-1', 'eu-west-1', 'ap-southeast-2']) {
      expect(resources).toContain(`role/shop-production-${region}-gate`);
    }
    expect(resources).not.toContain('rollout');
  });

  test('has no permission for everything', () => {
    expect(statements.filter(({ Resource }) => Resource === '*')).toEqual([]);
  });
});

describe('the role in an environment', () => {
  test('only reads metrics and alarms, for the gate of its pipeline', () => {
    environmentTemplate().hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'shop-production-eu-west-1-gate',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Condition: {
              ArnEquals: { 'aws:PrincipalArn': Match.objectLike({ 'Fn::Join': Match.anyValue() }) },
            },
          },
        ],
      },
      Policies: [
        {
          PolicyDocument: {
            Statement: [{ Action: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'], Resource: '*' }],
          },
        },
      ],
    });
  });

  test('reads the SLOs of the checks there', () => {
    const ofSignals = (slo: Slo) => environmentTemplate({ slos: [slo] });
    ofSignals(Slo.applicationSignals(99.9, 'orders')).hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'shop-production-eu-west-1-gate',
      Policies: [
        {
          PolicyDocument: {
            Statement: Match.arrayWith([
              Match.objectLike({ Action: 'application-signals:BatchGetServiceLevelObjectiveBudgetReport' }),
            ]),
          },
        },
      ],
    });
    const elsewhere = JSON.stringify(ofSignals(Slo.applicationSignals(99.9, 'orders', ['us-east-1'])).toJSON());
    expect(elsewhere).not.toContain('application-signals');
  });
});

describe('break glass', () => {
  /** A pipeline with a role that may break its glass, and the stack of that role. */
  const withRole = () => {
    const app = testApp();
    DeploymentStandard.set(app, new DeploymentStandard({ emergencyTrafficCycle: Duration.minutes(20) }));
    const roles = new Stack(app, 'Roles', { env: PIPELINE_ENV });
    const role = new iam.Role(roles, 'IncidentLead', {
      roleName: 'incident-lead',
      assumedBy: new iam.AccountPrincipal(PIPELINE_ENV.account),
    });
    const { template } = synthesize({ breakGlass: { role } }, app);
    return { template, ofRole: Template.fromStack(roles) };
  };

  test('is allowed to nobody by default', () => {
    const { template } = synthesize();
    expect(configOf(template).breakGlass).toBeUndefined();
    expect(JSON.stringify(template.toJSON())).not.toContain('GetParameterHistory');
  });

  test('is allowed to one role, which may write its parameter and nothing else', () => {
    const [policy] = Object.values(withRole().ofRole.findResources('AWS::IAM::Policy'));
    const { Statement } = policy.Properties.PolicyDocument;
    expect(Statement).toMatchObject([{ Action: ['ssm:PutParameter', 'ssm:GetParameter'] }]);
    expect(JSON.stringify(Statement[0].Resource)).toContain('parameter/deployment-pipeline/shop/break-glass');
  });

  test('is allowed to no role of another account', () => {
    const app = testApp();
    const role = iam.Role.fromRoleArn(new Stack(app, 'Roles'), 'Role', 'arn:aws:iam::999999999999:role/oncall');
    expect(() => synthesize({ breakGlass: { role } }, app)).toThrow(
      "breakGlass.role is of account 999999999999, but the parameter that it has to write is in the pipeline's, 111111111111",
    );
  });

  test('reaches down to the emergency minimum of the standard', () => {
    const { template } = withRole();
    expect(JSON.stringify(template.findResources('AWS::Lambda::Function'))).toContain(
      '\\"trafficCycleMinutes\\":20,\\"ownTrafficCycleMinutes\\":1440',
    );
  });

  test.each([
    [Duration.minutes(4), 'emergencyTrafficCycle is 4 min, but must be at least 5'],
    [Duration.minutes(61), 'emergencyTrafficCycle is 61 min, but must be at most trafficCycleMinimum, which is 60 min'],
  ])('reaches down to no %s', (emergencyTrafficCycle, refusal) => {
    expect(() => new DeploymentStandard({ emergencyTrafficCycle })).toThrow(refusal);
  });
});

describe('a blocked release is retried', () => {
  const { template } = synthesize();
  const retry = { Targets: [Match.objectLike({ Input: '{"retryBlocked":true}' })] };

  test('at intervals', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(10 minutes)',
      Targets: Match.arrayWith(retry.Targets),
    });
  });

  test('when an execution of the pipeline has ended, or a parameter of a check has changed', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.codepipeline', 'aws.ssm'],
        'detail-type': ['CodePipeline Pipeline Execution State Change', 'Parameter Store Change'],
        detail: {
          $or: [
            { pipeline: ['shop'], state: ['SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELED', 'SUPERSEDED'] },
            { name: ['/deployment-pipeline/freeze', '/deployment-pipeline/shop/freeze'] },
          ],
        },
      },
      ...retry,
    });
  });
});

test('the dashboard shows budgets, blocks and uses of break glass', () => {
  const { template } = synthesize({ slos: [Slo.availability(99.9)] });
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  expect(dashboard.Properties.DashboardName).toBe('shop-gates');
  const body = JSON.stringify(dashboard.Properties.DashboardBody);
  for (const text of ['BudgetLeft', 'availability 99.9', 'Blocked', 'BreakGlass']) expect(body).toContain(text);
});

test('a pipeline may have no dashboard', () => {
  synthesize({ gateDashboard: false }).template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
});
