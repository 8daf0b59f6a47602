import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Environment, setEnvironment } from '../environment/environment';
import type { Workload } from '../workload/workload';
import type { Microservice } from './microservice';
import { MicroserviceStack } from './microservice-stack';

/** One environment of a microservice: an instance of its definition. */
export class MicroserviceStage extends Stage {
  readonly stack: MicroserviceStack;
  readonly workload: Workload;

  constructor(scope: Construct, microservice: Microservice, environment: Environment) {
    super(scope, environment.name, { env: { account: environment.account, region: environment.region } });
    setEnvironment(this, environment);
    this.stack = new MicroserviceStack(this, 'service');
    this.workload = microservice.define(this.stack);
    if (typeof this.workload?._plan !== 'function') {
      throw new Error(
        `${microservice.constructor.name}.define() of microservice '${microservice.name}' returned ${this.workload === undefined ? 'nothing' : 'something else'}: it must return a Workload, such as Workload.lambdas({ handler })`,
      );
    }
  }
}
