import type { Order } from '../../../bin/orders/order';
import type { Log, OrderQueue, OrderStore } from '../../../bin/orders/ports';

export const NOW = '2026-11-20T12:00:00.000Z';
export const now = () => new Date(NOW);

export function anOrder(changes: Partial<Order> = {}): Order {
  return {
    id: 'order-0001',
    customer: 'c-1',
    lines: [{ sku: 'TEA-1', quantity: 2 }],
    status: 'RECEIVED',
    receivedAt: NOW,
    ...changes,
  };
}

export class FakeStore implements OrderStore {
  public readonly orders = new Map<string, Order>();
  /** Error that every call throws while it is set. */
  public failure?: Error;

  public constructor(...orders: Order[]) {
    for (const order of orders) {
      this.orders.set(order.id, order);
    }
  }

  public async add(order: Order): Promise<boolean> {
    this.check();
    const isNew = !this.orders.has(order.id);
    if (isNew) {
      this.orders.set(order.id, order);
    }
    return isNew;
  }

  public async find(id: string): Promise<Order | undefined> {
    this.check();
    return this.orders.get(id);
  }

  public async accept(id: string, acceptedAt: string): Promise<boolean> {
    this.check();
    const order = this.orders.get(id);
    if (order?.status !== 'RECEIVED') {
      return false;
    }
    this.orders.set(id, { ...order, status: 'ACCEPTED', acceptedAt });
    return true;
  }

  private check(): void {
    if (this.failure) {
      throw this.failure;
    }
  }
}

export class FakeQueue implements OrderQueue {
  public readonly sent: string[] = [];
  public failure?: Error;

  public async send(id: string): Promise<void> {
    if (this.failure) {
      throw this.failure;
    }
    this.sent.push(id);
  }
}

export function fakeLog(): { readonly log: Log; readonly entries: { readonly [name: string]: unknown }[] } {
  const entries: { readonly [name: string]: unknown }[] = [];
  return { log: (entry) => void entries.push(entry), entries };
}
