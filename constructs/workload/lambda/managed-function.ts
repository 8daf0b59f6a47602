import { CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import { CfnApplication, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { publishedJson } from '../../../lib/plan/revision';
import { ALIAS, ALL_AT_ONCE } from '../../../lib/workload/lambda/names';
import type { LambdaPlan } from '../../../lib/workload/lambda/plan';
import { publishedLambda } from '../../../lib/workload/lambda/revision';
import type { Environment } from '../../environment/environment';
import type { ErrorLimits } from '../../monitoring/error-limits';
import { versionRelevantProperties } from './function-properties';
import { lambdaAlarms } from './lambda-alarms';
import { LiveAlias } from './live-alias';
import type { Publisher } from './publisher';

export interface ManagedFunctionProps {
  readonly environment: Environment;
  readonly key: string;
  readonly fn: lambda.Function;
  readonly plan: LambdaPlan;
  readonly provider: Publisher;
  readonly codeDeployRole: iam.CfnRole;
  readonly limits: ErrorLimits;
  /** Names of the team's own alarms. */
  readonly teamAlarms: readonly string[];
}

/**
 * Everything that one function of a workload gets: its publication, its alias, the needs of CodeDeploy, and the alarms.
 *
 * The publication and the alias belong to the function, all else to its key. A renamed key creates the latter anew, and
 * leaves the former alone. With new logical ids CloudFormation would create the attachments of callers a second time
 * before it deletes the first: Lambda refuses a second URL or event source mapping, and SNS would delete the only
 * subscription.
 */
export class ManagedFunction {
  readonly alias: LiveAlias;

  constructor(scope: Construct, props: ManagedFunctionProps) {
    const { key, fn, environment, plan } = props;
    const { service } = environment;
    const publication = customPublication(scope, props);
    this.alias = new LiveAlias(scope, `${idOf(fn)}.Alias`, fn, publication);

    const { parameter, application: applicationName, deploymentGroup: deploymentGroupName } = plan;
    const candidateVersion = publication.getAtt('CandidateVersion').toString();
    const name = {
      functionName: publication.getAtt('FunctionName').toString(),
      alias: publication.getAtt('Qualifier').toString(),
    };
    new CfnParameter(scope, `${key}.Published`, {
      name: parameter,
      type: 'String',
      description: `Last published version of function ${key} of ${service}`,
      value: Stack.of(scope).toJsonString(publishedJson(publishedLambda(name, candidateVersion))),
    });
    const watched = { key, functionName: fn.functionName, aliasName: ALIAS, candidateVersion };
    const { canary, wave } = lambdaAlarms(scope, environment, watched, props.limits);
    const application = new CfnApplication(scope, `${key}.Application`, {
      applicationName,
      computePlatform: 'Lambda',
    });
    new CfnDeploymentGroup(scope, `${key}.DeploymentGroup`, {
      applicationName: application.ref,
      deploymentGroupName,
      serviceRoleArn: props.codeDeployRole.attrArn,
      deploymentConfigName: ALL_AT_ONCE,
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      // For deployments that no rollout started; a rollout names its own alarms.
      alarmConfiguration: {
        enabled: true,
        ignorePollAlarmFailure: false,
        alarms: [canary.ref, wave.ref, ...props.teamAlarms].map((alarm) => ({ name: alarm })),
      },
      autoRollbackConfiguration: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
    });
  }
}

/**
 * Creates the resource that publishes the function's versions and owns its alias. CloudFormation must own neither: it
 * would block the retry of a failed publish, and move traffic in a stack rollback.
 */
function customPublication(scope: Construct, { fn, provider }: ManagedFunctionProps): CfnResource {
  const resource = fn.node.defaultChild as CfnResource;
  const publication = new CfnResource(scope, `${idOf(fn)}.Publication`, {
    type: 'Custom::LambdaPublication',
    properties: {
      ServiceToken: provider.serviceToken,
      ServiceTimeout: provider.serviceTimeout,
      FunctionName: fn.functionName,
      AliasName: ALIAS,
      // Lazy: properties that are added or overridden later count, too.
      Function: Lazy.uncachedAny({ produce: () => versionRelevantProperties(resource) }),
    },
  });
  publication.addResourceDependency(provider.grant(idOf(fn), fn));
  return publication;
}

/** Returns the id of a function among those of its stack, which is the same whatever its key is: its path there. */
const idOf = (fn: lambda.Function): string => fn.node.path.slice(Stack.of(fn).node.path.length + 1);
