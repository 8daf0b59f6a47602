import { dynamoDb } from '../aws/dynamodb';
import { GateLedger } from './gate-ledger';

let ledger: GateLedger | undefined;

/** Items of the gates in this pipeline's ledger. */
export function gateLedger(): GateLedger {
  const table = process.env.LEDGER_TABLE;
  if (!table) throw new Error('LEDGER_TABLE is not set: it must name the table of the ledger');
  ledger ??= new GateLedger(dynamoDb(), table);
  return ledger;
}
