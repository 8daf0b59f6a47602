import { Stage } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { alarmName } from '../../../lib/plan/names';
import { ALL_AT_ONCE } from '../../../lib/workload/lambda/names';
import { planLambda } from '../../../lib/workload/lambda/plan';
import type { Environment } from '../../environment/environment';
import { gateRole } from '../../environment/gate-role';
import { publishTopology } from '../../environment/topology';
import type { WorkloadPlan } from '../../environment/workload-plan';
import { errorLimits } from '../../monitoring/error-limits';
import { teamAlarmNames } from '../../monitoring/team-alarms';
import { refuseBypasses } from './bypasses';
import { checkFunctions, type Home } from './check-functions';
import type { LambdasOptions } from './lambdas-options';
import { ManagedFunction } from './managed-function';
import { neverPromoteHook } from './never-promote';
import { deploymentConfigs } from './owned-deployment-configs';
import { Publisher } from './publisher';
import { codeDeployRole, rolloutRole } from './rollout-roles';

/** Functions of a workload in one environment, with all that releases them. */
export interface ManagedLambdas {
  readonly functions: ReadonlyMap<string, ManagedFunction>;
  readonly plan: WorkloadPlan;
}

/** Id of the scope of all that is created, in the functions' stack. */
const SCOPE = 'Workload';

const WORKLOAD = Symbol.for('microservice-deployment-pipeline.workload');

/** Creates everything that releases these functions in their environment. */
export function manageLambdas(
  functions: { readonly [key: string]: lambda.Function },
  options: LambdasOptions,
): ManagedLambdas {
  const home = checkFunctions(functions);
  const { environment } = home;
  const keys = Object.keys(functions);
  const perKey = <T>(of: (key: string) => T) => Object.fromEntries(keys.map((key) => [key, of(key)]));
  const limits = errorLimits(options);
  const alarms = alarmNames(environment);
  const ours = keys.flatMap((key) => [alarms.canary(key), alarms.wave(key)]);
  const teamAlarms = teamAlarmNames(options.alarms ?? [], environment, ours);

  const scope = onlyScope(home);
  const provider = new Publisher(scope);
  const configs = deploymentConfigs(scope, environment);
  const roles = {
    environment,
    keys,
    functions: Object.values(functions),
    configs: [configs.canary, configs.wave].filter((name) => name !== undefined),
  };
  const role = codeDeployRole(scope, roles);
  rolloutRole(scope, roles);
  if (configs.canary !== undefined) {
    neverPromoteHook(scope, environment, keys);
    gateRole(scope, environment);
  }
  const targets = perKey((key) => planLambda(environment.service, environment.phase, key));
  publishTopology(scope, environment, targets);
  const released = new Map(
    Object.entries(functions).map(([key, fn]) => [
      key,
      new ManagedFunction(scope, {
        environment,
        key,
        fn,
        plan: targets[key],
        provider,
        codeDeployRole: role,
        limits,
        teamAlarms,
      }),
    ]),
  );
  refuseBypasses(Stage.of(scope) ?? scope.node.root, functions, scope);
  return {
    functions: released,
    plan: {
      targets,
      canaryAlarms: perKey((key) => [alarms.canary(key), ...teamAlarms]),
      waveAlarms: perKey((key) => [alarms.wave(key), ...teamAlarms]),
      canaryConfig: configs.canary,
      waveConfig: configs.wave ?? ALL_AT_ONCE,
    },
  };
}

function alarmNames({ service, phase }: Environment) {
  return {
    canary: (key: string) => alarmName(service, phase, key, 'canary-errors'),
    wave: (key: string) => alarmName(service, phase, key, 'wave-errors'),
  };
}

/** Creates the scope of all that is created. An environment has one: the names in it are fixed. */
function onlyScope({ stack, environment }: Home): Construct {
  const root = (Stage.of(stack) ?? stack) as Construct & { [WORKLOAD]?: boolean };
  if (root[WORKLOAD]) {
    throw new Error(
      `Workload.lambdas() is called a second time in environment ${environment.name} of ${environment.service}: put all functions of the microservice into one call, Workload.lambdas({ api, worker })`,
    );
  }
  if (stack.node.tryFindChild(SCOPE)) {
    throw new Error(
      `Stack ${stack.node.path} has a construct '${SCOPE}' already, which is where Workload.lambdas() puts what it creates: give yours another id`,
    );
  }
  Object.defineProperty(root, WORKLOAD, { value: true });
  return new Construct(stack, SCOPE);
}
