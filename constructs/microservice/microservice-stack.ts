import { CfnOutput, Stack, Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { environmentPrefix } from '../../lib/plan/names';
import { isBuiltIn } from '../core/validation';
import { type Environment, environmentOf } from '../environment/environment';
import { Phase } from '../environment/phase';
import type { StagingKind } from '../staging/staging';

/** Names of environment variables that the staging tests may have. */
const TEST_VARIABLE = /^[A-Z][A-Z0-9_]{0,62}$/;

/**
 * The stack of one environment of a microservice: one phase in one account and region. `Microservice.define` gets it.
 */
export class MicroserviceStack extends Stack {
  /** Name of the microservice. */
  public readonly service: string;

  /** Staging or production. The canary is part of production. */
  public readonly phase: Phase;

  /** `staging`, or the region's name in production. */
  public readonly environmentName: string;

  /**
   * Kind of staging; undefined in production. A service in partial staging calls the production of the services it
   * depends on; in full staging it calls their staging.
   */
  public readonly stagingKind?: StagingKind;

  private readonly parts: Environment;
  private readonly variables = new Map<string, CfnOutput>();
  /** Ids of the environment's stacks in lower case. This stack's is `service`. */
  private readonly stackIds = new Set(['service']);

  /** Creates the stack. Only the pipeline calls this, never a service team. */
  public constructor(scope: Construct, id: string) {
    const environment = environmentOf(scope);
    if (!environment) {
      throw new Error(
        `MicroserviceStack '${id}' is outside of an environment: the pipeline makes these stacks, extend Microservice and define resources in define(stack)`,
      );
    }
    const { account, region, service, phase, name } = environment;
    super(scope, id, {
      env: { account, region },
      stackName: environmentPrefix(service, phase),
      description: `Microservice ${service}, ${phase.toLowerCase()} in ${region}`,
    });
    this.parts = environment;
    this.service = service;
    this.phase = phase;
    this.environmentName = name;
    this.stagingKind = environment.stagingKind;
  }

  /**
   * Returns the capacity of this environment, given production's: hosts, tasks, reserved concurrency.
   *
   * @param n capacity in production; a positive whole number
   * @returns `n` in production; in staging the host parity's share of it, rounded up
   * @throws if `n` is no whole number of at least 1
   */
  public capacity(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) {
      throw new Error(`capacity(${n}): must be a whole number of at least 1: give the capacity of production`);
    }
    return this.phase === Phase.PRODUCTION ? n : Math.ceil((n * this.parts.hostParity) / 100);
  }

  /**
   * Adds a further stack to this environment, such as one for stateful resources. CDK orders the stacks by their
   * references.
   *
   * @param id letters, digits and single dashes, starting with a letter; part of the stack's name, in lower case
   * @throws if a stack of the environment has this id already, whatever the case of its letters
   */
  public addStack(id: string): Stack {
    if (!/^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/.test(id)) {
      throw new Error(`addStack('${id}'): id must be letters, digits and single dashes, starting with a letter`);
    }
    if (isBuiltIn(id) || this.stackIds.has(id.toLowerCase())) {
      throw new Error(
        `addStack('${id}'): the environment has a stack of this name already, whatever the case of its letters: choose another id`,
      );
    }
    this.stackIds.add(id.toLowerCase());
    const { service, phase, account, region } = this.parts;
    const stage = Stage.of(this);
    return new Stack(stage as Stage, id, {
      env: { account, region },
      stackName: `${environmentPrefix(service, phase)}-${id.toLowerCase()}`,
      description: `Microservice ${service}, ${phase.toLowerCase()} in ${region}: ${id}`,
    });
  }

  /**
   * Passes a value, such as the URL of the service, to the staging tests as an environment variable.
   *
   * @param name of the variable: capitals, digits and underscores, starting with a letter, at most 63
   * @param value typically a token, whose value is known when staging has been deployed
   * @throws if `name` has another form, or has a value already
   */
  public exposeToStagingTests(name: string, value: string): void {
    if (!TEST_VARIABLE.test(name)) {
      throw new Error(
        `exposeToStagingTests('${name}'): must be an environment variable's name: capitals, digits and underscores, starting with a letter, at most 63`,
      );
    }
    if (this.variables.has(name)) {
      throw new Error(`exposeToStagingTests('${name}') is a second value of this name: choose another name`);
    }
    this.variables.set(name, new CfnOutput(this, `StagingTests${name}`, { value }));
  }

  /**
   * Environment variables of the staging tests.
   *
   * @internal
   */
  public get _testVariables(): { [name: string]: CfnOutput } {
    return Object.fromEntries(this.variables);
  }
}
