import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { parseTopology } from '../../../lib/plan/topology';
import { synthesize } from '../../helpers/fixture';

const { app, template } = synthesize();
const stacks = app.node.findAll().filter(Stack.isStack);
const production = [
  { account: '333333333333', region: 'us-east-1' },
  { account: '333333333333', region: 'eu-west-1' },
  { account: '333333333333', region: 'ap-southeast-2' },
];

test('every production environment records where production and the pipeline are, and staging does not', () => {
  const found = stacks.flatMap((stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'))
      .filter(({ Properties }) => Properties.Name === '/deployment-pipeline/shop/topology')
      .map(({ Properties }) => ({ region: stack.region, topology: parseTopology(Properties.Value, 'value') })),
  );
  expect(found.map(({ region }) => region)).toEqual(production.map(({ region }) => region));
  for (const { topology } of found) {
    expect(topology).toEqual({
      service: 'shop',
      pipeline: { account: '111111111111', region: 'us-west-2' },
      production,
      targets: { handler: 'LAMBDA' },
    });
  }
});

test('the pipeline records where its ledger is', () => {
  template.hasResourceProperties('AWS::SSM::Parameter', {
    Name: '/deployment-pipeline/shop/pipeline',
    Value: {
      'Fn::Join': [
        '',
        [
          Match.stringLikeRegexp('"pipeline":"111111111111/us-west-2".*"table":"$'),
          { Ref: Match.stringLikeRegexp('LedgerTable') },
          '","stages":["UpdatePipeline","Canary"]}',
        ],
      ],
    },
  });
});
