import type { Environment } from '../../aws/environment-clients';
import { roleArn } from '../../plan/names';
import type { Place } from '../../plan/topology';

/** Person whose credentials a command runs with. */
export interface Operator {
  readonly account: string;
  readonly partition: string;
  /** Name of the role to assume in accounts that are not the operator's. */
  readonly roleName?: string;
}

/** The operator's way into a place, or the reason why there is none. */
export type Access = Pick<Environment, 'roleArn'> | { readonly refused: string };

export function accessTo({ account, partition, roleName }: Operator, place: Place): Access {
  if (place.account === account) return {};
  if (roleName) return { roleArn: roleArn(partition, place.account, roleName) };
  return {
    refused: `is in account ${place.account}, but the credentials are of ${account}: give --role-name, or run the command with credentials of that account, too`,
  };
}
