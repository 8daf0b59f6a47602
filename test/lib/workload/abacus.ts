import type { DeploymentFacts } from '../../../lib/aws/facts';
import type { Published, Revision } from '../../../lib/plan/revision';
import { sameRevision } from '../../../lib/plan/revision';
import type { TargetPlan } from '../../../lib/plan/rollout-plan';
import type { Kind } from '../../../lib/workload/kind';
import type { Serving } from '../../../lib/workload/serving';
import type { ReadShifts, Shift, Target, TargetAt } from '../../../lib/workload/target';

/** A kind of workload that does not exist: abacuses, whose beads are moved by hand. All of it is in memory. */
export const ABACUS = 'ABACUS';

interface Beads extends Revision {
  readonly beads: string;
}

export const beads = (count: string): Beads => ({ kind: ABACUS, beads: count });

export const publishedBeads = (count: string, name: string): Published => ({
  revision: beads(count),
  address: { name },
});

export const abacusPlan = (key: string): TargetPlan => ({ kind: ABACUS, parameter: `/abacus/${key}` });

/** Kind of abacuses. They have no requests that a metric would count. */
export const abacusKind: Kind = {
  check: () => undefined,
  plan: (_service, _phase, key) => abacusPlan(key),
  named: beads,
  requests: () => [],
  latency: () => [],
};

/** Abacuses by their physical names, as in `address`. */
export class Abacuses {
  private readonly all = new Map<string, Abacus>();

  constructor(names: readonly string[], stable: Revision) {
    for (const name of names) this.all.set(name, new Abacus(name, stable));
  }

  readonly targetAt: TargetAt = (_place, { name }) => this.abacus(name);

  readonly readShifts: ReadShifts = async (_environment, _targets, deployments) =>
    Object.values(deployments).flatMap((id) => [...this.all.values()].flatMap((each) => each.made.get(id) ?? []));

  abacus(name: string): Abacus {
    const found = this.all.get(name);
    if (!found) throw new Error(`There is no abacus ${name}`);
    return found;
  }
}

class Abacus implements Target {
  readonly made = new Map<string, DeploymentFacts>();
  readonly shifts = new Map<string, Shift>();
  served: Serving;

  constructor(
    private readonly name: string,
    stable: Revision,
  ) {
    this.served = { main: stable, others: [] };
  }

  async serving(): Promise<Serving> {
    return this.served;
  }

  async isMissing(): Promise<boolean> {
    return false;
  }

  async preflight(): Promise<readonly string[]> {
    return [];
  }

  async deployments(): Promise<readonly DeploymentFacts[]> {
    return [...this.made.values()].toReversed();
  }

  async deployment(id: string): Promise<DeploymentFacts | undefined> {
    return this.made.get(id);
  }

  async lastSuccessful(): Promise<DeploymentFacts | undefined> {
    return (await this.deployments()).find(({ status }) => status === 'Succeeded');
  }

  goesTo({ id }: DeploymentFacts, revision: Revision): boolean {
    return sameRevision(this.shifts.get(id)?.to, revision);
  }

  shiftedFrom({ id }: DeploymentFacts): Revision | undefined {
    return this.shifts.get(id)?.from;
  }

  async shift(shift: Shift): Promise<string> {
    const id = `${this.name}-${this.made.size + 1}`;
    const now = new Date().toISOString();
    const facts = { id, description: shift.description, createdAt: now, appSpec: {} };
    this.shifts.set(id, shift);
    if (shift.neverPromotes) {
      this.served = { main: shift.from, others: [{ revision: shift.to, share: 0.1 }] };
      this.made.set(id, { ...facts, status: 'InProgress' });
    } else {
      this.served = { main: shift.to, others: [] };
      this.made.set(id, { ...facts, status: 'Succeeded', completedAt: now });
    }
    return id;
  }

  async stop(deploymentId: string): Promise<void> {
    const deployment = this.made.get(deploymentId);
    if (deployment) this.made.set(deploymentId, { ...deployment, status: 'Stopped' });
    this.served = { ...this.served, others: [] };
  }

  async point(to: Revision): Promise<void> {
    this.served = { main: to, others: [] };
  }
}
