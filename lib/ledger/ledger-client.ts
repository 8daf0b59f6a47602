import { dynamoDb } from '../aws/dynamodb';
import { Ledger } from './ledger';

let ledger: Ledger | undefined;

/** Returns the ledger of this handler's pipeline. */
export function ledgerOfPipeline(): Ledger {
  const table = process.env.LEDGER_TABLE;
  if (!table) throw new Error('LEDGER_TABLE is not set: it must name the table of the ledger');
  ledger ??= new Ledger(dynamoDb(), table);
  return ledger;
}
