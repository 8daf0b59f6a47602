import * as path from 'node:path';

/** Size of a synthesis: number of microservices, each with a pipeline and staging, and their production regions. */
export interface Topology {
  readonly services: number;
  readonly regions: number;
}

export const PIPELINE = { account: '111111111111', region: 'us-west-2' };
export const STAGING = { account: '222222222222', region: 'us-east-1' };

const PRODUCTION_ACCOUNT = '333333333333';

const REGIONS = [
  'us-east-1',
  'eu-west-1',
  'ap-southeast-2',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-west-2',
  'eu-west-3',
  'eu-central-1',
  'eu-north-1',
  'eu-south-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-east-1',
  'af-south-1',
];

/** The first `regions` production environments. */
export function production(regions: number): { readonly account: string; readonly region: string }[] {
  if (regions > REGIONS.length) {
    throw new Error(`regions is ${regions}, but the benchmark has ${REGIONS.length}`);
  }
  return REGIONS.slice(0, regions).map((region) => ({ account: PRODUCTION_ACCOUNT, region }));
}

export const serviceNames = (services: number): string[] =>
  Array.from({ length: services }, (_, at) => `service-${at + 1}`);

/** Code of every function, at one path for the sources and for the bundle in `dist/bench`. */
export const HANDLER = path.join(process.cwd(), 'test', 'bench', 'handler');

/** Commands that both pipelines run in Build. */
export const CHECKS = {
  install: ['npm ci'],
  lint: ['npm run lint'],
  unitTests: ['npm test'],
  integrationTests: ['npm run test:integration'],
  synth: ['npm ci', 'npx cdk synth'],
};

export const REPOSITORY = 'acme/shop';
export const BRANCH = 'main';
export const CONNECTION =
  'arn:aws:codeconnections:us-west-2:111111111111:connection/00000000-0000-0000-0000-000000000000';
