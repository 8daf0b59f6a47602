import type { Fields } from '../call';

/** What a resource's provider has made. */
export interface Made {
  readonly physicalId: string;
  readonly attributes?: { readonly [name: string]: string };
}

/** A resource of a stack. */
export interface Resource extends Made {
  readonly logicalId: string;
  readonly type: string;
  /** As they were resolved when it was made or updated last. */
  readonly properties: Fields;
  /** Stays when it leaves the stack. */
  readonly retained: boolean;
}

/** Makes, changes and removes the resources of a type, as their service does. */
export interface Kind {
  /** Whether the change needs a new physical resource. By default no change does. */
  replaces?(before: Fields, after: Fields): boolean;
  create(logicalId: string, properties: Fields): Promise<Made> | Made;
  update(resource: Resource, properties: Fields): Promise<Made> | Made;
  delete(resource: Resource): Promise<void> | void;
}

/** Refused by the service. What was made nevertheless is deleted in the stack's rollback. */
export class ResourceFailure extends Error {
  constructor(
    message: string,
    readonly physicalId?: string,
  ) {
    super(message);
  }
}
