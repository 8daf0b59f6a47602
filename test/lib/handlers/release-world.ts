import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { RolloutRecord } from '../../../lib/ledger/items';
import { Ledger } from '../../../lib/ledger/ledger';
import { LEDGER_SCHEMA } from '../../../lib/ledger/table';
import type { RolloutPlan } from '../../../lib/plan/rollout-plan';
import { formatFacts, scheduleFacts } from '../../../lib/plan/schedule-facts';
import { type CaughtError, type Outcome, type RolloutState, STATE_SCHEMA } from '../../../lib/rollout/state';
import { type BundledFunction, loadBundle } from '../../helpers/bundles';
import { createLedgerTable } from '../../helpers/ledger-table';
import type { Call, Fault } from '../../local-aws/call';
import type { Deployment } from '../../local-aws/deployment';
import type { World } from '../../local-aws/world';
import { type PlanWorld, worldFromPlan } from '../../local-aws/world-from-plan';
import { examplePlan, PIPELINE_PLACE } from '../rollout/example';

export const TABLE = 'ledger';
export const DEADLINE_GROUP = 'orders-deadlines';
export const PIPELINE_NAME = 'orders-pipeline';
export const HELD_STAGES = ['UpdatePipeline', 'Canary'];
export const RELEASE = 'e-1';
export const COMMIT = 'c0ffee1234567890';

type Handler = 'collect' | 'start' | 'watch' | 'settle' | 'rollback';

/** A world in which version 1 of two functions is live everywhere and version 2 is published; its ledger, its handlers. */
export class ReleaseWorld {
  readonly plan: RolloutPlan;

  private constructor(
    readonly fleet: PlanWorld,
    readonly client: DynamoDBClient,
    readonly ledger: Ledger,
  ) {
    this.plan = fleet.plan;
  }

  static async start(released = true, plan = examplePlan()): Promise<ReleaseWorld> {
    const fleet = await worldFromPlan(plan, { pipeline: PIPELINE_PLACE, released, loopback: false, warm: false });
    const client = new DynamoDBClient(fleet.world.client(PIPELINE_PLACE));
    await createLedgerTable(client, TABLE);
    fleet.world.codepipeline.createPipeline(PIPELINE_PLACE, PIPELINE_NAME);
    fleet.world.scheduler.createGroup(PIPELINE_PLACE, DEADLINE_GROUP);
    await fleet.world.clock.advance(1);
    publish(fleet, Object.keys(fleet.plan.environments), 'new code');
    // The rollout would wait for alarms that were configured only now.
    await fleet.world.clock.advance(10);
    return new ReleaseWorld(fleet, client, new Ledger(client, TABLE));
  }

  get world(): World {
    return this.fleet.world;
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.world.close();
  }

  /**
   * A fresh instance, as after a cold start.
   *
   * @param change of the function's environment variables
   */
  load(handler: Handler | 'ledger' | 'reopen', change: { readonly [name: string]: string } = {}): BundledFunction {
    const environment = {
      LEDGER_TABLE: TABLE,
      PIPELINE_NAME,
      HELD_STAGES: HELD_STAGES.join(','),
      RELEASE_SCHEDULE: formatFacts(scheduleFacts(this.plan)),
      DEADLINE_GROUP,
      DEADLINE_ROLE_ARN: 'arn:aws:iam::111111111111:role/deadlines',
      DEADLINE_QUEUE_ARN: 'arn:aws:sqs:us-west-2:111111111111:undelivered',
      MACHINE_ARN: 'arn:aws:states:us-west-2:111111111111:stateMachine:orders-rollout',
      ...change,
    };
    return loadBundle(this.world, handler, { place: PIPELINE_PLACE, environment });
  }

  state(rollout: string, outcome?: Outcome | CaughtError): RolloutState {
    return { rollout, executionId: RELEASE, commit: COMMIT, plan: this.plan, outcome: outcome && stored(outcome) };
  }

  /** Calls a handler once. */
  async call(handler: Handler, rollout: string, outcome?: Outcome | CaughtError): Promise<Outcome> {
    return untold((await this.load(handler).handler(this.state(rollout, outcome))) as Outcome);
  }

  /** Calls a handler until its answer is not WAIT, and advances the time in between. */
  async until(handler: Handler, rollout: string, outcome?: Outcome | CaughtError): Promise<Outcome> {
    const loaded = this.load(handler);
    let answer = (await loaded.handler(this.state(rollout, outcome))) as Outcome;
    while (answer.next === 'WAIT') {
      await this.world.clock.advance(0.5);
      answer = (await loaded.handler(this.state(rollout, answer))) as Outcome;
    }
    return untold(answer);
  }

  /** Publishes new code of all functions of these environments. */
  publish(environments: readonly string[], code: string): void {
    publish(this.fleet, environments, code);
  }

  /** Acquires production for the release. */
  async hold(token = 1): Promise<void> {
    await this.ledger.open(RELEASE, COMMIT);
    const acquiredAt = this.world.clock.iso();
    await this.ledger.transferLock(undefined, {
      executionId: RELEASE,
      commit: COMMIT,
      token,
      acquiredAt,
      state: 'HELD',
    });
    await this.ledger.setToken(RELEASE, token);
  }

  /** Acquires production and collects: all that a rollout needs. */
  async ready(): Promise<void> {
    await this.hold();
    await this.call('collect', 'staging');
    await this.call('collect', 'canary');
  }

  async record(rollout: string, state: RolloutRecord['state'], shifted = true): Promise<void> {
    const record = { state, reason: 'by the test', at: this.world.clock.iso(), attempt: 1, shifted };
    await this.ledger.recordRollout(RELEASE, rollout, record, rollout === 'staging' ? undefined : 1);
  }

  async rollouts(): Promise<{ readonly [name: string]: RolloutRecord }> {
    return (await this.ledger.release(RELEASE))?.rollouts ?? {};
  }

  /** Puts an item into the ledger, of the present schema unless it has another one. */
  async put(item: object): Promise<void> {
    await this.client.send(
      new PutItemCommand({ TableName: TABLE, Item: marshall({ schema: LEDGER_SCHEMA, ...item }) }),
    );
  }

  /** Makes all further calls that `of` chooses fail. */
  fail(of: (call: Call) => boolean, fault: Fault): void {
    this.world.faults = (call) => (of(call) ? fault : undefined);
  }

  heal(): void {
    this.world.faults = () => undefined;
  }

  /** The deployments of an environment, the oldest first. */
  deployments(environment: string): Deployment[] {
    return this.world.codedeploy.all(this.plan.environments[environment]);
  }

  /** The traffic of every function in these environments; one object when all have the same. */
  serving(...environments: string[]): unknown {
    const shares = environments.flatMap((name) =>
      Object.keys(this.plan.environments[name].targets).map((key) => JSON.stringify(this.fleet.shares(name, key))),
    );
    const all = [...new Set(shares)];
    return all.length === 1 ? JSON.parse(all[0]) : all;
  }

  operations(from = 0): string[] {
    return this.world.calls.slice(from).map(({ operation }) => operation);
  }
}

/** An answer as it is in the machine's state. */
export const stored = <T extends Outcome | CaughtError>(outcome: T): T =>
  'next' in outcome ? { schema: STATE_SCHEMA, ...outcome } : outcome;

/** An answer without its notice to the team, and without the state's schema: those have tests of their own. */
export function untold({ message: _message, schema: _schema, ...answer }: Outcome): Outcome {
  return answer;
}

function publish(fleet: PlanWorld, environments: readonly string[], code: string): void {
  for (const name of environments) {
    for (const key of Object.keys(fleet.plan.environments[name].targets)) fleet.publish(name, key, code);
  }
}
