import { Match, type Template } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../helpers/fixture';

const PIPELINE = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':codepipeline:us-west-2:111111111111:shop']] };
const stage = (name: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:codepipeline:us-west-2:111111111111:shop/${name}`]],
});

const { template } = synthesize();
const withoutSelfMutation = synthesize({ selfMutation: false }).template;

type Statement = { readonly Action: string | readonly string[]; readonly Resource: unknown };

/** Lists the permissions with CodePipeline of roles whose description begins like this. */
function allowed(of: Template, description: string): readonly Statement[] {
  const roles = Object.values(of.findResources('AWS::IAM::Role')).filter(({ Properties }) =>
    String(Properties.Description).startsWith(description),
  );
  expect(roles).toHaveLength(1);
  const statements: Statement[] = roles[0].Properties.Policies[0].PolicyDocument.Statement;
  return statements.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('codepipeline:')));
}

const functions = (of: Template, description: string) =>
  Object.values(
    of.findResources('AWS::Lambda::Function', { Properties: { Description: Match.stringLikeRegexp(description) } }),
  ).map(({ Properties }) => Properties.Environment.Variables);

const TRANSITIONS = ['codepipeline:DisableStageTransition', 'codepipeline:EnableStageTransition'];

test('the ledger’s handlers may read and change the transitions of the two stages, and read executions', () => {
  expect(allowed(template, 'Locks and frees production')).toMatchObject([
    { Action: 'codepipeline:GetPipelineExecution', Resource: PIPELINE },
    { Action: 'codepipeline:GetPipelineState', Resource: PIPELINE },
    { Action: TRANSITIONS, Resource: [stage('UpdatePipeline'), stage('Canary')] },
  ]);
});

test('the rollouts’ handlers may read and change the transitions of the two stages', () => {
  expect(allowed(template, 'Rollouts of')).toMatchObject([
    { Action: 'codepipeline:GetPipelineState', Resource: PIPELINE },
    { Action: TRANSITIONS, Resource: [stage('UpdatePipeline'), stage('Canary')] },
  ]);
});

test.each(['Locks and frees production', 'Lets the next release', 'returns all regions'])(
  'the handler that “%s” knows the pipeline and its stages',
  (does) => {
    expect(functions(template, does)).toMatchObject([{ PIPELINE_NAME: 'shop', HELD_STAGES: 'UpdatePipeline,Canary' }]);
  },
);

test('a pipeline that does not update itself has only Canary to hold', () => {
  expect(functions(withoutSelfMutation, 'Lets the next release')).toMatchObject([{ HELD_STAGES: 'Canary' }]);
  expect(allowed(withoutSelfMutation, 'Rollouts of').at(-1)).toMatchObject({ Resource: stage('Canary') });
});

test.each([
  ['with', template, ['UpdatePipeline', 'Canary']],
  ['without', withoutSelfMutation, ['Canary']],
])('stages that are held are stages of the pipeline, %s self-mutation', (_with, of, held) => {
  const [{ Properties }] = Object.values(of.findResources('AWS::CodePipeline::Pipeline'));
  const names = Properties.Stages.map(({ Name }: { Name: string }) => Name);
  expect(names.filter((name: string) => ['UpdatePipeline', 'Canary'].includes(name))).toEqual(held);
});

test('the template says nothing of transitions: an update must not change what a release or a person holds', () => {
  template.hasResourceProperties('AWS::CodePipeline::Pipeline', { DisableInboundStageTransitions: Match.absent() });
});

describe('the handler that reopens transitions is called', () => {
  const [reopen] = Object.keys(
    template.findResources('AWS::Lambda::Function', {
      Properties: { Description: Match.stringLikeRegexp('^Lets the next release of shop come') },
    }),
  );
  const target = Match.objectLike({ Arn: { 'Fn::GetAtt': [reopen, 'Arn'] } });

  test('by every execution that starts, goes on or ends', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Pipeline Execution State Change'],
        detail: {
          pipeline: ['shop'],
          state: ['STARTED', 'RESUMED', 'SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELED', 'SUPERSEDED'],
        },
      },
      Targets: [target],
    });
  });

  test('at intervals, because an event can get lost', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(10 minutes)',
      // Unchanged: the handler recognizes its caller by the event.
      Targets: Match.arrayWith([{ Arn: { 'Fn::GetAtt': [reopen, 'Arn'] }, Id: Match.anyValue() }]),
    });
  });

  test('with the permission to', () => {
    template.hasResourceProperties('AWS::Lambda::Permission', { FunctionName: { 'Fn::GetAtt': [reopen, 'Arn'] } });
  });
});
