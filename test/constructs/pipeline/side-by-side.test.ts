import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  DeploymentBaseline,
  DeploymentStandard,
  MicroserviceDeploymentPipeline,
  ProductionRollout,
  Staging,
} from '../../../constructs';
import { inRegion, PIPELINE_ENV, pipelineProps, Shop, testApp } from '../../helpers/fixture';
import { slow } from '../../helpers/sample';

/** Names that are unique in an account, or in an account and region. */
const NAMED: { readonly [type: string]: string } = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CodeDeploy::Application': 'ApplicationName',
  'AWS::CodeDeploy::DeploymentConfig': 'DeploymentConfigName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
  'AWS::CodePipeline::Pipeline': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
};

function services(of: number | readonly string[], standard?: DeploymentStandard, regions = [inRegion('us-east-1', 1)]) {
  const app = testApp();
  if (standard) {
    DeploymentStandard.set(app, standard);
  }
  for (const i of typeof of === 'number' ? Array.from({ length: of }, (_, at) => `${at}`) : of) {
    const stack = new Stack(app, `Pipeline${i}`, { env: PIPELINE_ENV });
    new MicroserviceDeploymentPipeline(stack, 'Shop', {
      ...pipelineProps(),
      microservice: new Shop(`shop-${i}`),
      // Everything in one account and region: what could collide, does.
      staging: Staging.full({ env: regions[0].env }),
      regions,
      production: ProductionRollout.byPercentage(),
    });
  }
  return app;
}

const templatesOf = (app: ReturnType<typeof testApp>) =>
  app.node
    .findAll()
    .filter((node): node is Stack => Stack.isStack(node))
    .map((stack) => ({ stack, template: Template.fromStack(stack) }));

describe('services side by side', () => {
  test('change no template of another one when they come or go', () => {
    const regions = [inRegion('us-east-1', 1), inRegion('eu-west-1', 1)];
    const byName = (names: readonly string[]) =>
      Object.fromEntries(
        templatesOf(services(names, undefined, regions)).map(({ stack, template }) => [
          stack.artifactId,
          template.toJSON(),
        ]),
      );
    const both: { readonly [name: string]: unknown } = byName(['a', 'b']);
    const alone = byName(['b']);
    expect(Object.keys(alone).length).toBeGreaterThan(3);
    for (const [name, template] of Object.entries(alone)) expect(both[name]).toEqual(template);
  });

  test('do not share a name in an account and region, nor a role in an account', () => {
    const seen = new Map<string, string>();
    for (const { stack, template } of templatesOf(
      services(2, undefined, [inRegion('us-east-1', 1), inRegion('us-west-2', 1)]),
    )) {
      for (const [type, property] of Object.entries(NAMED)) {
        for (const [id, resource] of Object.entries(template.findResources(type))) {
          const name = resource.Properties[property];
          if (name === undefined) {
            continue;
          }
          const place = type === 'AWS::IAM::Role' ? stack.account : `${stack.account}/${stack.region}`;
          const key = `${type} ${JSON.stringify(name)} in ${place}`;
          expect([key, seen.get(key)]).toEqual([key, undefined]);
          seen.set(key, `${stack.node.path}/${id}`);
        }
      }
    }
    expect(seen.size).toBeGreaterThan(30);
  });

  test('exhaust the deployment configurations of an account and region', () => {
    expect(() => services(26).synth()).toThrow(
      '52 custom deployment configurations in us-east-1 of account 333333333333, but CodeDeploy allows 50',
    );
  });

  test('are refused if the baseline of their account and region lacks their configuration', () => {
    const app = services(1, new DeploymentStandard({ sharedDeploymentConfigs: true }));
    const baseline = new Stack(app, 'Baseline', { env: inRegion('us-east-1', 1).env });
    new DeploymentBaseline(baseline, 'Baseline', { linearSteps: [{ percentage: 50, interval: Duration.minutes(10) }] });
    expect(() => app.synth()).toThrow(
      "microservice 'shop-0' needs the deployment configuration linear-25pct-10m in us-east-1 of account 333333333333, but no DeploymentBaseline there has it",
    );
  });

  slow('may share deployment configurations instead', () => {
    const standard = new DeploymentStandard({ sharedDeploymentConfigs: true });
    const app = services(26, standard);
    const baseline = new Stack(app, 'Baseline', { env: inRegion('us-east-1', 1).env });
    new DeploymentBaseline(baseline, 'Baseline', { linearSteps: [{ percentage: 25, interval: Duration.minutes(10) }] });
    expect(() => app.synth()).not.toThrow();
    Template.fromStack(baseline).resourceCountIs('AWS::CodeDeploy::DeploymentConfig', 7);
  });
});
