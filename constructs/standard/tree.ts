import type { IConstruct } from 'constructs';

/** A value that holds for a construct and all below it. Kept on the construct: nothing outlives the tree. */
export class InTree<T extends object> {
  private readonly value: symbol;
  private readonly lookedPast: symbol;

  /** @param key unique; the same in every copy of this package */
  public constructor(key: string) {
    this.value = Symbol.for(`microservice-deployment-pipeline.${key}`);
    this.lookedPast = Symbol.for(`microservice-deployment-pipeline.${key}.looked-past`);
  }

  /** The value of the nearest scope that has one. */
  public find(from: IConstruct): T | undefined {
    const passed: IConstruct[] = [];
    for (let at: IConstruct | undefined = from; at; at = at.node.scope) {
      const found = (at as unknown as { [key: symbol]: T | undefined })[this.value];
      if (found) {
        this.remember(passed, from);
        return found;
      }
      passed.push(at);
    }
    this.remember(passed, from);
    return undefined;
  }

  /** The value that this scope itself has. */
  public own(scope: IConstruct): T | undefined {
    return (scope as unknown as { [key: symbol]: T | undefined })[this.value];
  }

  /** The path of a construct that has looked for a value, and passed this scope without finding one there. */
  public lookedPastBy(scope: IConstruct): string | undefined {
    return (scope as unknown as { [key: symbol]: string | undefined })[this.lookedPast];
  }

  public put(scope: IConstruct, value: T): void {
    Object.defineProperty(scope, this.value, { value });
  }

  private remember(passed: readonly IConstruct[], from: IConstruct): void {
    for (const scope of passed) {
      if (this.lookedPastBy(scope) === undefined) {
        Object.defineProperty(scope, this.lookedPast, { value: from.node.path });
      }
    }
  }
}
