import type { IConstruct } from 'constructs';

/** A value that holds for a construct and all below it. It is kept on the construct: nothing outlives the tree. */
export class InTree<T extends object> {
  private readonly value: symbol;
  private readonly lookedPast: symbol;

  /** @param key unique; the same in every copy of this package */
  public constructor(key: string) {
    this.value = Symbol.for(`microservice-deployment-pipeline.${key}`);
    this.lookedPast = Symbol.for(`microservice-deployment-pipeline.${key}.looked-past`);
  }

  /** Returns the value of the nearest scope that has one. */
  public find(from: IConstruct): T | undefined {
    const passed: IConstruct[] = [];
    for (let at: IConstruct | undefined = from; at; at = at.node.scope) {
      const found = (at as unknown as { [key: symbol]: T | undefined })[this.value];
      if (found) {
        this.record(passed, from);
        return found;
      }
      passed.push(at);
    }
    this.record(passed, from);
    return undefined;
  }

  /** Returns the value that this scope itself has. */
  public own(scope: IConstruct): T | undefined {
    return (scope as unknown as { [key: symbol]: T | undefined })[this.value];
  }

  /** Returns the path of a construct whose search passed this scope without finding a value there. */
  public lookedPastBy(scope: IConstruct): string | undefined {
    return (scope as unknown as { [key: symbol]: string | undefined })[this.lookedPast];
  }

  public put(scope: IConstruct, value: T): void {
    Object.defineProperty(scope, this.value, { value });
  }

  private record(passed: readonly IConstruct[], from: IConstruct): void {
    for (const scope of passed) {
      if (this.lookedPastBy(scope) === undefined) {
        Object.defineProperty(scope, this.lookedPast, { value: from.node.path });
      }
    }
  }
}
