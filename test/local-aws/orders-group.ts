import {
  CodeDeployClient,
  CreateDeploymentCommand,
  type CreateDeploymentCommandInput,
  type DeploymentInfo,
  GetDeploymentCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-codedeploy';
import type { Behaviour } from './behaviour';
import type { LambdaFunction } from './lambda-function';
import { World } from './world';

export const PLACE = { account: '222222222222', region: 'eu-west-1' };
export const GROUP = { applicationName: 'orders-production-handler', deploymentGroupName: 'orders-production-handler' };
export const CANARY = 'orders-canary-08pct-2870m';
export const LINEAR = 'orders-linear-25pct-10m';
export const ALL_AT_ONCE = 'CodeDeployDefault.LambdaAllAtOnce';
/** Alarm of the group itself. */
export const ALARM = 'own';

/**
 * A function with three versions, of which the first is live, and its deployment group, seen through the real client.
 */
export class OrdersGroup {
  private constructor(
    readonly world: World,
    readonly client: CodeDeployClient,
    readonly fn: LambdaFunction,
  ) {}

  static async start(behaviour: Partial<Behaviour> = {}): Promise<OrdersGroup> {
    const world = await World.start(behaviour);
    const fn = world.lambda.create(PLACE, 'orders', 'code');
    for (const code of ['1', '2', '3']) {
      fn.update({ code });
      fn.publish();
    }
    fn.setAlias('live', '1');
    world.codedeploy.addConfig(PLACE, CANARY, { type: 'TimeBasedCanary', percentage: 8, minutes: 2_870 });
    world.codedeploy.addConfig(PLACE, LINEAR, { type: 'TimeBasedLinear', percentage: 25, minutes: 10 });
    world.cloudwatch.set(PLACE, ALARM, 'OK');
    world.codedeploy.addGroup({
      place: PLACE,
      application: GROUP.applicationName,
      name: GROUP.deploymentGroupName,
      config: ALL_AT_ONCE,
      alarms: { enabled: true, ignorePollAlarmFailure: false, alarms: [ALARM] },
      autoRollback: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
    });
    return new OrdersGroup(world, new CodeDeployClient(world.client(PLACE)), fn);
  }

  /** Returns each version's share of the traffic. */
  get shares(): { readonly [version: string]: number } {
    return this.fn.shares('live');
  }

  async deploy(
    from: string,
    to: string,
    deploymentConfigName = ALL_AT_ONCE,
    rest: Partial<CreateDeploymentCommandInput> = {},
  ): Promise<string> {
    const input = { ...GROUP, deploymentConfigName, revision: revision(appSpec(from, to)), ...rest };
    return (await this.client.send(new CreateDeploymentCommand(input))).deploymentId ?? '';
  }

  /** Makes version 1 the group's last successfully deployed one. */
  async anchor(): Promise<string> {
    const id = await this.deploy('1', '1');
    await this.world.clock.advance(1);
    expect((await this.info(id)).status).toBe('Succeeded');
    return id;
  }

  async info(deploymentId: string): Promise<DeploymentInfo> {
    const { deploymentInfo } = await this.client.send(new GetDeploymentCommand({ deploymentId }));
    return deploymentInfo ?? {};
  }

  stop(deploymentId: string, autoRollbackEnabled?: boolean) {
    return this.client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled }));
  }

  close(): Promise<void> {
    return this.world.close();
  }
}

export const appSpec = (CurrentVersion: string, TargetVersion: string, rest: object = {}) => ({
  version: 0.0,
  Resources: [
    {
      handler: {
        Type: 'AWS::Lambda::Function',
        Properties: { Name: 'orders', Alias: 'live', CurrentVersion, TargetVersion },
      },
    },
  ],
  ...rest,
});

export const revision = (spec: object): CreateDeploymentCommandInput['revision'] => ({
  revisionType: 'AppSpecContent',
  appSpecContent: { content: JSON.stringify(spec) },
});
