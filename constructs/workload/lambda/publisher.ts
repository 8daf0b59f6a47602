import { Duration, Names } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { HandlerRole, handlerFunction } from '../../core/handler-function';

/** Maximum run time of a Lambda function. SnapStart and large images take minutes. */
const TIMEOUT = Duration.minutes(15);

/** Provider of `Custom::LambdaPublication` for all functions of an environment. */
export class Publisher {
  readonly serviceToken: string;
  /** Time that CloudFormation waits for an answer, in seconds. */
  readonly serviceTimeout = TIMEOUT.toSeconds() + 60;

  private readonly role: HandlerRole;

  constructor(private readonly scope: Construct) {
    this.role = new HandlerRole(scope, 'PublisherRole', {
      description: 'Publishes Lambda versions and creates their alias',
    });
    this.serviceToken = handlerFunction(scope, 'Publisher', {
      bundle: 'publish',
      role: this.role,
      timeout: TIMEOUT,
      description: 'Custom::LambdaPublication: publishes candidates, moves no traffic',
    }).functionArn;
  }

  /**
   * Lets the provider publish a function. It may create an alias, and neither move nor delete one.
   *
   * Every function has a policy of its own. One policy for all would make the publication of each wait for all functions: a
   * cycle as soon as one of them refers to the alias of another.
   *
   * @param id of the function among those of its stack
   */
  grant(id: string, fn: lambda.Function): iam.CfnRolePolicy {
    const { functionArn } = fn;
    const policyDocument = new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          actions: [
            'lambda:CreateAlias',
            'lambda:GetAlias',
            'lambda:GetFunctionConfiguration',
            'lambda:ListAliases',
            'lambda:ListVersionsByFunction',
            'lambda:PublishVersion',
          ],
          resources: [functionArn, `${functionArn}:*`],
        }),
        // Versions only, not the function itself.
        new iam.PolicyStatement({ actions: ['lambda:DeleteFunction'], resources: [`${functionArn}:*`] }),
      ],
    });
    return new iam.CfnRolePolicy(this.scope, `${id}.PublisherPolicy`, {
      policyName: Names.uniqueResourceName(fn, { maxLength: 128, separator: '-' }),
      roleName: this.role.roleName,
      policyDocument,
    });
  }
}
