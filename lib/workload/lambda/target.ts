import {
  createDeployment,
  lastSuccessful,
  readDeployments,
  recentDeployments,
  stopDeployment,
} from '../../aws/codedeploy';
import type { DeploymentFacts } from '../../aws/facts';
import type { Address, Revision } from '../../plan/revision';
import type { Place } from '../fleet';
import type { Serving } from '../serving';
import type { Shift, Target } from '../target';
import { isMissing, pointAlias, readServing } from './alias';
import { appSpec, shiftsTo } from './app-spec';
import { ALL_AT_ONCE } from './names';
import { type LambdaPlan, lambdaPlan } from './plan';
import { readRefusals } from './preflight';
import { type AliasName, aliasNameOf, versionOf } from './revision';

/** Returns the target for a function: its callers use an alias, whose traffic CodeDeploy shifts. */
export const lambdaTarget = (place: Place, address: Address): Target => new LambdaTarget(place, address);

class LambdaTarget implements Target {
  private readonly name: AliasName;
  private readonly plan: LambdaPlan;

  constructor(
    private readonly place: Place,
    address: Address,
  ) {
    const at = `${place.name}/${place.key}`;
    this.name = aliasNameOf(address, at);
    this.plan = lambdaPlan(place.targetPlan, at);
  }

  serving(): Promise<Serving | undefined> {
    return readServing(this.place.environment, this.name);
  }

  isMissing(revision: Revision): Promise<boolean> {
    return isMissing(this.place.environment, this.name.functionName, versionOf(revision));
  }

  preflight(stable: Revision, candidate: Revision): Promise<readonly string[]> {
    return readRefusals(this.place.environment, this.name, versionOf(stable), versionOf(candidate));
  }

  deployments(since: Date): Promise<readonly DeploymentFacts[]> {
    return recentDeployments(this.place.environment, this.plan, since);
  }

  async deployment(id: string): Promise<DeploymentFacts | undefined> {
    return (await readDeployments(this.place.environment, [id])).at(0);
  }

  lastSuccessful(): Promise<DeploymentFacts | undefined> {
    return lastSuccessful(this.place.environment, this.plan);
  }

  goesTo(deployment: DeploymentFacts, revision: Revision): boolean {
    return shiftsTo(deployment.appSpec, versionOf(revision));
  }

  shift({ from, to, configuration = ALL_AT_ONCE, neverPromotes, ...rest }: Shift): Promise<string | undefined> {
    const { application, deploymentGroup, neverPromoteHook } = this.plan;
    return createDeployment(this.place.environment, {
      ...rest,
      application,
      deploymentGroup,
      deploymentConfig: configuration,
      appSpec: appSpec({
        key: this.place.key,
        ...this.name,
        from: versionOf(from),
        to: versionOf(to),
        afterAllowTraffic: neverPromotes ? neverPromoteHook : undefined,
      }),
    });
  }

  stop(deploymentId: string): Promise<void> {
    return stopDeployment(this.place.environment, deploymentId);
  }

  point(to: Revision, { token }: Serving): Promise<void> {
    return pointAlias(this.place.environment, this.name, { to: versionOf(to), revisionId: token });
  }
}
