import { Token } from 'aws-cdk-lib';
import type { Workload } from '../workload/workload';
import type { MicroserviceStack } from './microservice-stack';

/**
 * Maximum length of a microservice's name: an IAM role's 64 characters, less the longest part that the library adds.
 */
const NAME_LENGTH = 30;

/**
 * A microservice: the definition of its resources, written once.
 *
 * Staging and every production region are instances of this one definition: the pipeline calls `define` for each of
 * them. The stack of `define` has all that may differ between them: phase, region, environment name, capacity.
 */
export abstract class Microservice {
  /** Name of the microservice. It is part of the name of everything that its pipeline and environments create. */
  public readonly name: string;

  /**
   * @param name lower-case letters, digits and single dashes, starting with a letter, at most 30 characters
   * @throws if `name` has another form, or is a token
   */
  protected constructor(name: string) {
    if (Token.isUnresolved(name) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > NAME_LENGTH) {
      throw new Error(
        `Microservice name is '${name}', but must be 1 to ${NAME_LENGTH} lower-case letters, digits and single dashes, ` +
          'starting with a letter and known at synth: names of roles, alarms and deployment groups are made of it',
      );
    }
    this.name = name;
  }

  /**
   * Defines the resources of one environment.
   *
   * @param stack the environment's stack; further stacks are added with `stack.addStack(id)`
   * @returns the workload, to which CodeDeploy shifts traffic
   */
  public abstract define(stack: MicroserviceStack): Workload;
}
