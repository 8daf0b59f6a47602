import type { Order } from './order';

/** Store of orders. */
export interface OrderStore {
  /** @returns false, and changes nothing, when there is an order of this id */
  add(order: Order): Promise<boolean>;

  find(id: string): Promise<Order | undefined>;

  /** @returns false, and changes nothing, unless the order was received and not accepted yet */
  accept(id: string, acceptedAt: string): Promise<boolean>;
}

/** Queue of orders that wait to be accepted. An order may be delivered more than once. */
export interface OrderQueue {
  send(id: string): Promise<void>;
}

/** One line of JSON for one event. */
export type Log = (entry: { readonly [name: string]: unknown }) => void;
