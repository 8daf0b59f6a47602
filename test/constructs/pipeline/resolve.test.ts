import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  DeploymentStandard,
  GateCheck,
  MicroserviceDeploymentPipeline,
  type MicroserviceDeploymentPipelineProps,
  ProductionRollout,
  Slo,
} from '../../../constructs';
import { resolve } from '../../../constructs/pipeline/resolve';
import { inRegion, PIPELINE_ENV, pipelineProps, testApp } from '../../helpers/fixture';

type Overrides = Partial<MicroserviceDeploymentPipelineProps>;

const { checks } = pipelineProps();

test('a resolved pipeline has created nothing', () => {
  const stack = new Stack(testApp(), 'Pipelines', { env: PIPELINE_ENV });
  const resolved = resolve(stack, pipelineProps({ slos: [Slo.availability(99.9)] }));
  expect(stack.node.findAll()).toEqual([stack]);
  expect(resolved.environments.production.map(({ name, canaryPercentage }) => [name, canaryPercentage])).toEqual([
    ['us-east-1', 8],
    ['eu-west-1', 8],
    ['ap-southeast-2', 8],
  ]);
});

describe('wrong input is refused before anything is created:', () => {
  test.each<[string, (stack: Stack) => Overrides, string]>([
    ['no regions', () => ({ regions: [] }), 'regions is empty'],
    ['no checks', () => ({ checks: { ...checks, lint: [] } }), 'checks.lint is []'],
    ['no staging tests', () => ({ checks: { ...checks, stagingTests: [] } }), 'checks.stagingTests is []'],
    ['no synth', () => ({ synth: [] }), 'synth is [], but needs at least one command'],
    ['no filters', () => ({ pushFilters: [] }), 'pushFilters has 0 filters'],
    ['a region of another partition', () => ({ regions: [inRegion('cn-north-1', 1)] }), 'is in partition aws-cn'],
    [
      'a release that is too long',
      () => ({ production: ProductionRollout.allAtOnce({ bake: Duration.hours(160) }) }),
      'A release takes 11040 min in production',
    ],
    [
      'two checks of one name',
      () => ({ gateChecks: [GateCheck.freeze({ name: 'a' }), GateCheck.freeze({ name: 'A' })] }),
      'gate has two checks that are called "A"',
    ],
    [
      'alarms of a region that production is not in',
      () => ({ gateChecks: [GateCheck.openAlarms({ name: 'a', alarms: [{ names: ['x'], regions: ['eu-west-3'] }] })] }),
      'alarms[0].regions has "eu-west-3"',
    ],
    [
      'a role of another account',
      (stack) => ({ breakGlass: { role: iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::999999999999:role/sos') } }),
      'breakGlass.role is of account 999999999999',
    ],
    ['a FIFO topic', (stack) => ({ topic: new sns.Topic(stack, 'Topic', { fifo: true }) }), 'topic is a FIFO topic'],
  ])('%s', (_what, overrides, message) => {
    const stack = new Stack(testApp(), 'Pipelines', { env: PIPELINE_ENV });
    const props = pipelineProps(overrides(stack));
    expect(() => new MicroserviceDeploymentPipeline(stack, 'Shop', props)).toThrow(message);
    expect(stack.node.findChild('Shop').node.children).toEqual([]);
  });

  test('more blackouts than fit', () => {
    const blackouts = Array.from({ length: 60 }, (_, i) => ({ from: `${1990 + i}-12-24`, to: `${1990 + i}-12-26` }));
    const app = testApp();
    DeploymentStandard.set(app, new DeploymentStandard({ name: 'acme', blackouts }));
    const stack = new Stack(app, 'Pipelines', { env: PIPELINE_ENV });
    expect(() => new MicroserviceDeploymentPipeline(stack, 'Shop', pipelineProps())).toThrow(
      /at most 3000 fit .* and 60 blackouts\. Join blackouts that touch, remove those that are over or far ahead/,
    );
    expect(stack.node.findChild('Shop').node.children).toEqual([]);
  });

  test('a service outside of its standard', () => {
    const app = testApp();
    DeploymentStandard.set(app, new DeploymentStandard({ name: 'acme', requiredChecks: ['scan'] }));
    const stack = new Stack(app, 'Pipelines', { env: PIPELINE_ENV });
    expect(() => new MicroserviceDeploymentPipeline(stack, 'Shop', pipelineProps())).toThrow('checks has no scan');
    expect(stack.node.findChild('Shop').node.children).toEqual([]);
  });
});

test('a refused pipeline does not claim its microservice', () => {
  const stack = new Stack(testApp(), 'Pipelines', { env: PIPELINE_ENV });
  expect(() => new MicroserviceDeploymentPipeline(stack, 'Wrong', pipelineProps({ synth: [] }))).toThrow('synth is []');
  expect(() => new MicroserviceDeploymentPipeline(stack, 'Right', pipelineProps())).not.toThrow();
});
