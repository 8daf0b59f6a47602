import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { freezeParameterName, pipelineParameterName, topologyParameterName } from '../../lib/plan/names';
import type { HeldTransitions } from '../ledger/held-transitions';
import { rolloutExecutionsArn, rolloutMachineArn } from '../rollout/rollout-machine';

export interface GrantsProps {
  readonly service: string;
  readonly table: dynamodb.ITable;
  readonly transitions: HeldTransitions;
  readonly breakGlassRole?: iam.IRole;
}

/** Stages at whose gates a release may be blocked. */
const GATED_STAGES = ['Canary', 'Production'];

/** Keys of the ledger's items about releases. */
const RELEASES = 'release#*';

/** Permissions of people for one pipeline: each method grants the needs of one task, and no more. */
export class Grants {
  constructor(
    private readonly scope: Construct,
    private readonly props: GrantsProps,
  ) {}

  /** Grants the start of the machine that rolls back, and the pipeline's half of the command `rollback`. */
  rollback(grantee: iam.IGrantable): iam.Grant {
    const { service } = this.props;
    return this.grant('grantRollback', grantee, [
      statement(['states:StartExecution'], [rolloutMachineArn(this.scope, service)]),
      statement(['states:StopExecution'], [rolloutExecutionsArn(this.scope, service)]),
      this.whereItIs(),
      this.items(['dynamodb:GetItem'], ['hold', 'holder', 'stable', RELEASES]),
      this.items(['dynamodb:PutItem'], ['hold', 'holder', 'stable', RELEASES]),
      this.items(['dynamodb:UpdateItem'], ['holder', RELEASES]),
      ...this.props.transitions.access(),
    ]);
  }

  /** Grants the commands `hold` and `resume`. */
  hold(grantee: iam.IGrantable): iam.Grant {
    const { transitions } = this.props;
    return this.grant('grantHold', grantee, [
      this.whereItIs(),
      this.items(['dynamodb:GetItem'], ['hold', 'holder', 'stable', RELEASES]),
      this.items(['dynamodb:PutItem'], ['hold', 'stable']),
      this.items(['dynamodb:DeleteItem'], ['hold']),
      // `resume` records the end of a release whose own handler could not.
      this.items(['dynamodb:UpdateItem'], ['holder']),
      ...transitions.access(),
      transitions.executions(),
    ]);
  }

  /** Grants the parameter that stops this service: write, read, remove. */
  freeze(grantee: iam.IGrantable): iam.Grant {
    return this.grant('grantFreeze', grantee, [
      this.parameters(
        ['ssm:DeleteParameter', 'ssm:GetParameter', 'ssm:PutParameter'],
        [freezeParameterName(this.props.service)],
      ),
    ]);
  }

  /** Grants the use of the role that breaks the glass, the search for the release, and the retry of its stage. */
  breakGlass(grantee: iam.IGrantable): iam.Grant {
    const { breakGlassRole: role, transitions } = this.props;
    if (!role) {
      throw new Error(
        'grantBreakGlass: the pipeline has no breakGlass, so nobody may override its gates: set breakGlass: { role } first',
      );
    }
    const { pipelineArn } = transitions;
    const retrying = GATED_STAGES.map((stage) => `${pipelineArn}/${stage}`);
    return this.grant('grantBreakGlass', grantee, [
      // The role itself may write the parameter already.
      ...(grantee?.grantPrincipal === role ? [] : [statement(['sts:AssumeRole'], [role.roleArn])]),
      statement(['codepipeline:ListPipelineExecutions'], [pipelineArn]),
      statement(['codepipeline:RetryStageExecution'], retrying),
    ]);
  }

  /** Permission to find the pipeline and its ledger. */
  private whereItIs(): iam.PolicyStatement {
    const { service } = this.props;
    return this.parameters(['ssm:GetParameters'], [pipelineParameterName(service), topologyParameterName(service)]);
  }

  private parameters(actions: string[], names: readonly string[]): iam.PolicyStatement {
    const resources = names.map((name) =>
      Stack.of(this.scope).formatArn({
        service: 'ssm',
        resource: `parameter${name}`,
        arnFormat: ArnFormat.NO_RESOURCE_NAME,
      }),
    );
    return statement(actions, resources);
  }

  /** Permission for items of the ledger with these keys, and no others: the gate's records stay out of reach. */
  private items(actions: string[], keys: string[]): iam.PolicyStatement {
    return new iam.PolicyStatement({
      actions,
      resources: [this.props.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
    });
  }

  private grant(method: string, grantee: iam.IGrantable, statements: readonly iam.PolicyStatement[]): iam.Grant {
    this.checkGrantee(method, grantee);
    const grants = statements.map(({ actions, resources: resourceArns, conditions }) =>
      iam.Grant.addToPrincipal({ grantee, actions, resourceArns, conditions }),
    );
    if (grants.some(({ success }) => !success)) {
      throw new Error(
        `${method}: ${grantee.grantPrincipal} has no policy that could be extended: grant it to a role or a user`,
      );
    }
    return grants.reduce((all, each) => all.combine(each));
  }

  /** Refuses a principal of another account, which no policy of its own lets into this one. */
  private checkGrantee(method: string, grantee: iam.IGrantable | undefined): void {
    const principal = grantee?.grantPrincipal;
    if (!principal) throw new Error(`${method}: the grantee is missing: give it a role or a user`);
    const { account } = Stack.of(this.scope);
    const { principalAccount: ofGrantee } = principal;
    if (ofGrantee === undefined || Token.isUnresolved(ofGrantee) || ofGrantee === account) return;
    throw new Error(
      `${method}: the grantee is of account ${ofGrantee}, but the pipeline is in ${account}: grant it to a role of that account, which others may assume`,
    );
  }
}

const statement = (actions: string[], resources: string[]): iam.PolicyStatement =>
  new iam.PolicyStatement({ actions, resources });
