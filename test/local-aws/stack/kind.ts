import type { Fields } from '../call';

/** Result of a resource's provider. */
export interface Made {
  readonly physicalId: string;
  readonly attributes?: { readonly [name: string]: string };
}

/** A resource of a stack. */
export interface Resource extends Made {
  readonly logicalId: string;
  readonly type: string;
  /** Properties as resolved at the last creation or update. */
  readonly properties: Fields;
  /** True if the resource stays when it leaves the stack. */
  readonly retained: boolean;
}

/** Creates, updates and deletes the resources of a type, as their service does. */
export interface Kind {
  /** Returns true if the change needs a new physical resource. Default: false. */
  replaces?(before: Fields, after: Fields): boolean;
  create(logicalId: string, properties: Fields): Promise<Made> | Made;
  update(resource: Resource, properties: Fields): Promise<Made> | Made;
  delete(resource: Resource): Promise<void> | void;
}

/** Thrown if the service refuses a resource. The stack's rollback deletes whatever was created nevertheless. */
export class ResourceFailure extends Error {
  constructor(
    message: string,
    readonly physicalId?: string,
  ) {
    super(message);
  }
}
