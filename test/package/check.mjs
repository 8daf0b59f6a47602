// Usage: node check.mjs <cdk.out> <output of the synth>
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const [assembly, log] = process.argv.slice(2);
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

const files = readdirSync(assembly, { recursive: true }).map((file) => path.join(assembly, file));
const templates = files.filter((file) => file.endsWith('.template.json')).map(json);
const resources = (template, type) => Object.values(template.Resources).filter((resource) => resource.Type === type);
const environment = (description) => {
  const found = templates.filter((template) => template.Description === description);
  assert.equal(found.length, 1, `one template is described as '${description}'`);
  return found[0];
};

// Messages that CDK would show to the user: in the assembly, in a file per stack, and on the terminal.
const messages = files
  .filter((file) => file.endsWith('.metadata.json'))
  .flatMap((file) => Object.entries(json(file)))
  .flatMap(([at, entries]) => entries.map(({ type, data }) => ({ at, type, data })))
  .filter(({ type }) => ['aws:cdk:warning', 'aws:cdk:error', 'aws:cdk:info'].includes(type));
assert.deepEqual(messages, [], 'the assembly has no messages');
const output = readFileSync(log, 'utf8');
assert.doesNotMatch(output, /\[(Warning|Error)|validation|deprecated/i, `the synth warns of nothing:\n${output}`);
// Findings of the validation of the templates, which is on by default.
assert.deepEqual(
  json(path.join(assembly, 'validation-report.json')).pluginReports ?? [],
  [],
  'the templates are valid',
);

const [pipeline] = templates.flatMap((template) => resources(template, 'AWS::CodePipeline::Pipeline'));
const stages = pipeline.Properties.Stages;
const actions = (name) =>
  stages
    .find((stage) => stage.Name === name)
    .Actions.toSorted((a, b) => a.RunOrder - b.RunOrder)
    .map((action) => action.Name);
assert.deepEqual(
  stages.map((stage) => stage.Name),
  ['Source', 'Build', 'UpdatePipeline', 'Assets', 'Staging', 'Canary', 'Production'],
);
assert.deepEqual(actions('Build').toSorted(), ['IntegrationTests', 'Lint', 'Synth', 'UnitTests']);
assert.equal(actions('Build').at(-1), 'Synth');
assert.deepEqual(actions('Staging').slice(-2), ['Shift', 'StagingTests']);
assert.deepEqual(actions('Canary').slice(0, 2), ['Gate', 'LockProduction']);
assert.equal(actions('Canary').at(-1), 'Canary');
assert.deepEqual(actions('Production'), ['Gate', 'Wave1', 'Wave2', 'CompleteRelease']);

const production = ['us-east-1', 'eu-west-1'].map((region) =>
  environment(`Microservice parcels, production in ${region}`),
);
for (const template of [environment('Microservice parcels, staging in us-east-1'), ...production]) {
  const at = template.Description;
  assert.equal(resources(template, 'Custom::LambdaPublication').length, 3, `${at}: publishes three functions`);
  assert.equal(resources(template, 'AWS::CodeDeploy::DeploymentGroup').length, 3, `${at}: shifts three functions`);
  assert.equal(resources(template, 'AWS::Lambda::Alias').length, 0, `${at}: CloudFormation owns no alias`);
  assert.equal(resources(template, 'AWS::Lambda::Version').length, 0, `${at}: CloudFormation owns no version`);
}
for (const template of production) {
  const canaries = resources(template, 'AWS::CodeDeploy::DeploymentConfig').filter(
    ({ Properties }) => Properties.TrafficRoutingConfig.Type === 'TimeBasedCanary',
  );
  assert.deepEqual(
    canaries.map(({ Properties }) => Properties.TrafficRoutingConfig.TimeBasedCanary.CanaryPercentage),
    [8],
    `${template.Description}: has its canary configuration`,
  );
}
console.log(`test:package: the installed package synthesizes ${templates.length} templates, without warnings`);
