import type { Fields, Place } from '../call';
import { type Kind, type Resource, ResourceFailure } from './kind';
import { creationOrder, resolveProperties, type StackTemplate } from './template';

export type StackStatus =
  | 'CREATE_COMPLETE'
  | 'ROLLBACK_COMPLETE'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'DELETE_COMPLETE';

/** One step, such as `create HandlerPublication`, in CloudFormation's order. */
export type StackEvent = `${'create' | 'update' | 'delete' | 'retain'} ${string}`;

const EMPTY: StackTemplate = { Resources: {} };

/**
 * A stack that follows CloudFormation's order of events. Creates and updates come first, in the order of dependencies;
 * the cleanup then deletes resources that left the template or were replaced, in reverse order. A failure restores the
 * old properties of updated resources, and deletes created ones.
 */
export class DeployedStack {
  /** Steps of the last operation. */
  events: StackEvent[] = [];
  /** Reason why the last operation failed. */
  failure: string | undefined;

  private resources = new Map<string, Resource>();
  private template = EMPTY;

  constructor(
    private readonly place: Place,
    private readonly kindOf: (type: string) => Kind,
  ) {}

  /** Creates the stack, or updates it to this template. */
  async deploy(template: StackTemplate): Promise<StackStatus> {
    const isNew = this.template === EMPTY;
    const before = new Map(this.resources);
    const replaced: Resource[] = [];
    this.begin();
    try {
      for (const logicalId of creationOrder(template)) await this.bring(logicalId, template, replaced);
    } catch (error) {
      if (!(error instanceof ResourceFailure)) throw error;
      this.failure = error.message;
      await this.rollback(before, template, replaced);
      return isNew ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE';
    }
    const left = [...before.values()].filter(({ logicalId }) => !template.Resources[logicalId]);
    for (const { logicalId } of left) this.resources.delete(logicalId);
    await this.clean([...left, ...replaced], this.template);
    this.template = template;
    return isNew ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE';
  }

  /** Deletes the stack and all its resources except retained ones. */
  async destroy(): Promise<StackStatus> {
    this.begin();
    await this.clean([...this.resources.values()], this.template);
    this.resources.clear();
    this.template = EMPTY;
    return 'DELETE_COMPLETE';
  }

  /** Returns the physical ids of the resources of a type, by logical id. */
  physicalIds(type: string): ReadonlyMap<string, string> {
    const found = [...this.resources.values()].filter((resource) => resource.type === type);
    return new Map(found.map(({ logicalId, physicalId }) => [logicalId, physicalId]));
  }

  private begin(): void {
    this.events = [];
    this.failure = undefined;
  }

  /** Creates or updates one resource from the template. */
  private async bring(logicalId: string, template: StackTemplate, replaced: Resource[]): Promise<void> {
    const { Type, Properties = {}, DeletionPolicy } = template.Resources[logicalId];
    const properties = resolveProperties(Properties, this.lookup) as Fields;
    const existing = this.resources.get(logicalId);
    const made = { logicalId, type: Type, properties, retained: DeletionPolicy === 'Retain' };
    if (existing && existing.type !== Type) throw new ResourceFailure('Update of resource type is not permitted.');
    if (existing && same(existing.properties, properties)) {
      this.resources.set(logicalId, { ...existing, ...made });
      return;
    }
    const kind = this.kindOf(Type);
    const isUpdate = existing && !kind.replaces?.(existing.properties, properties);
    this.events.push(`${isUpdate ? 'update' : 'create'} ${logicalId}`);
    if (existing && !isUpdate) replaced.push(existing);
    try {
      const result = await (isUpdate ? kind.update(existing, properties) : kind.create(logicalId, properties));
      // A custom resource that returns another physical id has replaced itself.
      if (existing && isUpdate && existing.physicalId !== result.physicalId) replaced.push(existing);
      this.resources.set(logicalId, { ...made, ...result });
    } catch (error) {
      if (error instanceof ResourceFailure) {
        // A failed update is rolled back, too, and whatever a failed create has made is deleted.
        const physicalId = existing && isUpdate ? existing.physicalId : error.physicalId;
        if (physicalId !== undefined) this.resources.set(logicalId, { ...made, physicalId });
        else if (!existing) this.resources.delete(logicalId);
      }
      throw error;
    }
  }

  private async rollback(
    before: ReadonlyMap<string, Resource>,
    template: StackTemplate,
    replaced: readonly Resource[],
  ): Promise<void> {
    const created: Resource[] = [];
    for (const logicalId of creationOrder(this.template)) {
      const old = before.get(logicalId);
      const now = this.resources.get(logicalId);
      if (!old || !now) continue;
      if (replaced.includes(old)) {
        this.resources.set(logicalId, old);
        if (now !== old) created.push(now);
      } else if (!same(now.properties, old.properties)) {
        this.events.push(`update ${logicalId}`);
        const result = await this.kindOf(old.type).update(now, old.properties);
        this.resources.set(logicalId, { ...old, ...result });
      }
    }
    for (const [logicalId, resource] of this.resources) {
      if (before.has(logicalId)) continue;
      created.push(resource);
      this.resources.delete(logicalId);
    }
    await this.clean(
      created.map((resource) => ({ ...resource, retained: false })),
      template,
    );
  }

  /** Deletes in the reverse order of creation. */
  private async clean(doomed: readonly Resource[], template: StackTemplate): Promise<void> {
    const order = creationOrder(template);
    const last = (resource: Resource): number => order.indexOf(resource.logicalId);
    for (const resource of doomed.toSorted((a, b) => last(b) - last(a))) {
      this.events.push(`${resource.retained ? 'retain' : 'delete'} ${resource.logicalId}`);
      if (!resource.retained) await this.kindOf(resource.type).delete(resource);
    }
  }

  private readonly lookup = (logicalId: string, attribute?: string): string => {
    const { account, region } = this.place;
    const pseudo: { readonly [name: string]: string } = {
      'AWS::AccountId': account,
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    const resource = this.resources.get(logicalId);
    const found = attribute === undefined ? resource?.physicalId : resource?.attributes?.[attribute];
    return pseudo[logicalId] ?? found ?? `<${[logicalId, resource?.physicalId, attribute].join('.')}>`;
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
