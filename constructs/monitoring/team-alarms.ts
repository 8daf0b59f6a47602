import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { type Environment, environmentOf } from '../environment/environment';

/** CodeDeploy's API takes ten alarms per deployment group. */
const ALARMS_PER_GROUP = 10;
/** Number of the library's own alarms: the canary's and the wave's. */
const OWN_ALARMS = 2;

/**
 * Returns the names of the alarms that a team adds to every rollout. They must be known at synth, because the
 * pipeline's plan, in another account, contains them.
 *
 * @param ours names of the library's own alarms
 */
export function teamAlarmNames(alarms: readonly IAlarm[], environment: Environment, ours: readonly string[]): string[] {
  const most = ALARMS_PER_GROUP - OWN_ALARMS;
  if (alarms.length > most) {
    throw new Error(
      `alarms has ${alarms.length} alarms, but at most ${most} are possible: CodeDeploy takes ${ALARMS_PER_GROUP} for a deployment group, of which ${OWN_ALARMS} are the library's. Combine some of yours by metric math`,
    );
  }
  const seen = new Set(ours);
  return alarms.map((alarm) => {
    if (environmentOf(alarm) !== environment) {
      throw new Error(
        `alarms: ${alarm.node.path} is not of the environment ${environment.name}: CodeDeploy reads alarms of its own account and region only, so create the alarm in define()`,
      );
    }
    const name = nameOf(alarm);
    if (seen.has(name)) {
      throw new Error(`alarms: '${name}' is there twice, or is the name of an alarm that the library creates`);
    }
    seen.add(name);
    return name;
  });
}

function nameOf(alarm: IAlarm): string {
  const child = alarm.node.defaultChild;
  if (child && CfnResource.isCfnResource(child) && child.cfnResourceType !== 'AWS::CloudWatch::Alarm') {
    throw new Error(
      `alarms: ${alarm.node.path} is an ${child.cfnResourceType}, but CodeDeploy is documented to read metric alarms only: pass the alarms that it is made of`,
    );
  }
  const given = child ? (child as CfnResource & { readonly alarmName?: string }).alarmName : alarm.alarmName;
  const name = Stack.of(alarm).resolve(given);
  if (typeof name !== 'string' || name === '' || Token.isUnresolved(name)) {
    throw new Error(
      `alarms: ${alarm.node.path} has no name that is known at synth: give it an alarmName, which the pipeline's plan refers to`,
    );
  }
  return name;
}
