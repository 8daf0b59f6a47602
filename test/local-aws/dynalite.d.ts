declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A server for DynamoDB's protocol, with its tables in memory. */
  function dynalite(options?: { readonly createTableMs?: number; readonly deleteTableMs?: number }): Server;
  export = dynalite;
}
