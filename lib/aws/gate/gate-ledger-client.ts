import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GateLedger } from '../../gate/gate-ledger';
import { CLIENT_CONFIG } from '../client-config';

let ledger: GateLedger | undefined;

/** What this pipeline's gates keep in its ledger. */
export function gateLedger(): GateLedger {
  const table = process.env.LEDGER_TABLE;
  if (!table) throw new Error('LEDGER_TABLE is not set: it must name the table of the ledger');
  ledger ??= new GateLedger(new DynamoDBClient(CLIENT_CONFIG), table);
  return ledger;
}
