/**
 * Stands in for the SDK's event streams in the handlers' bundles: no operation that a handler calls has one. They come with
 * the client of Lambda, for invocations that answer in parts.
 */
export const eventStreamSerdeProvider = (): undefined => undefined;

export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;

export class EventStreamSerde {
  constructor() {
    throw new Error('Event streams are left out of the bundles of handlers: see bin/bundle.ts');
  }
}
