import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ProductionRollout } from '../../constructs';
import { inRegion, PIPELINE_ENV, PRODUCTION_ACCOUNT, synthesize } from '../helpers/fixture';

const README = readFileSync(path.join(__dirname, '..', '..', 'README.md'), 'utf8');

const withRegions = (count: number) =>
  synthesize({
    regions: Array.from({ length: count }, (_, i) => inRegion(`eu-west-${i + 1}`, 1)),
    production: ProductionRollout.allAtOnce(),
  }).app;
/** Three regions in three waves; ten regions in one. */
const [three, ten] = [synthesize().app, withRegions(10)];

/** Counts the resources of a type in an account, in all its regions or in one. */
const count = (app: App, type: string, account: string, region?: string, text = ''): number =>
  app.node
    .findAll()
    .filter((node): node is Stack => Stack.isStack(node))
    .filter((stack) => stack.account === account && (region === undefined || stack.region === region))
    .flatMap((stack) => Object.values(Template.fromStack(stack).findResources(type)))
    .filter((resource) => JSON.stringify(resource).includes(text)).length;

const { account, region } = PIPELINE_ENV;
const ROWS: readonly (readonly [quota: string, limit: number, taken: number])[] = [
  ["EventBridge rules, in the pipeline's account and region", 300, count(three, 'AWS::Events::Rule', account, region)],
  [
    "EventBridge rules with wildcards, in the pipeline's account and region",
    30,
    count(three, 'AWS::Events::Rule', account, region, 'wildcard'),
  ],
  ["IAM roles, in the pipeline's account, with 3 waves", 1_000, count(three, 'AWS::IAM::Role', account)],
  ["IAM roles, in production's account, with 3 regions", 1_000, count(three, 'AWS::IAM::Role', PRODUCTION_ACCOUNT)],
  ["IAM roles, in production's account, with 10 regions", 1_000, count(ten, 'AWS::IAM::Role', PRODUCTION_ACCOUNT)],
  [
    "CodeBuild projects, in the pipeline's account and region",
    5_000,
    count(three, 'AWS::CodeBuild::Project', account, region),
  ],
  [
    "S3 buckets, in the pipeline's account, with 3 regions besides the pipeline's",
    10_000,
    count(three, 'AWS::S3::Bucket', account),
  ],
];

const shown = (value: number): string => value.toLocaleString('en-US');

test.each(ROWS)('the table of quotas counts: %s', (quota, limit, taken) => {
  const fit = taken === 0 ? 'no limit' : shown(Math.floor(limit / taken));
  expect(README).toContain(`\n| ${quota} | ${shown(limit)} | ${shown(taken)} | ${fit} |\n`);
});

test('the table of quotas has no other rows', () => {
  const [, table] = README.split('<!-- quotas -->\n');
  expect(table.split('\n\n')[0].split('\n')).toHaveLength(ROWS.length + 2);
});
