import { CfnOutput, Stack, Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { environmentPrefix } from '../../lib/plan/names';
import { isBuiltIn } from '../core/validation';
import { type Environment, environmentOf } from '../environment/environment';
import { Phase } from '../environment/phase';
import type { StagingKind } from '../staging/staging';

/** Longest value a `CfnOutput` of ours may have a name for: environment variables of the staging tests. */
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
   * How staging is built, in staging; undefined in production. A service in partial staging calls the production of the
   * services it depends on; in full staging it calls their staging.
   */
  public readonly stagingKind?: StagingKind;

  private readonly parts: Environment;
  private readonly variables = new Map<string, CfnOutput>();
  /** Names of the environment's stacks. This one's construct is called service. */
  private readonly stackIds = new Set(['service']);

  /** Made by the pipeline; not by service teams. */
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
   * The capacity of this environment for what production has `n` of: hosts, tasks, reserved concurrency.
   *
   * @param n what production has; a positive whole number
   * @returns `n` in production; in staging the host parity's share of it, rounded up
   */
  public capacity(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) {
      throw new Error(`capacity(${n}): must be a whole number of at least 1: what production has`);
    }
    return this.phase === Phase.PRODUCTION ? n : Math.ceil((n * this.parts.hostParity) / 100);
  }

  /**
   * Adds a further stack to this environment, such as one for what is stateful. CDK orders the stacks by their references.
   *
   * @param id letters, digits and dashes; part of the stack's name, in lower case
   */
  public addStack(id: string): Stack {
    if (!/^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/.test(id)) {
      throw new Error(`addStack('${id}'): id must be letters, digits and single dashes, starting with a letter`);
    }
    if (isBuiltIn(id) || this.stackIds.has(id.toLowerCase())) {
      throw new Error(
        `addStack('${id}'): the environment has a stack of this name already, in whatever case: choose another id`,
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
   * Hands a value, such as the URL of the service, to the staging tests as an environment variable.
   *
   * @param name of the variable: capitals, digits and underscores
   * @param value typically a token: it is known when staging has been deployed
   */
  public exposeToStagingTests(name: string, value: string): void {
    if (!TEST_VARIABLE.test(name)) {
      throw new Error(
        `exposeToStagingTests('${name}'): must be an environment variable's name: capitals, digits and underscores, starting with a letter, at most 63`,
      );
    }
    if (this.variables.has(name)) {
      throw new Error(`exposeToStagingTests('${name}'): is exposed already`);
    }
    this.variables.set(name, new CfnOutput(this, `StagingTests${name}`, { value }));
  }

  /**
   * What the staging tests get.
   *
   * @internal
   */
  public get _testVariables(): { [name: string]: CfnOutput } {
    return Object.fromEntries(this.variables);
  }
}
