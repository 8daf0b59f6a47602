import { Token } from 'aws-cdk-lib';
import type { FreezeConfig } from '../../../lib/gate/checks/freeze';
import { freezeParameterName, ORGANIZATION_FREEZE_PARAMETER } from '../../../lib/plan/names';
import { show } from '../../core/validation';
import { commonConfig } from '../common';
import type { GateCheckOptions } from '../gate-check-options';
import type { CheckBinding, GateContext } from '../gate-context';

/** Parameters that stop the line. */
export interface FreezeOptions extends GateCheckOptions {
  /**
   * Names of further parameters that stop the line, such as that of a group of services: `/payments/freeze`. Each begins with
   * `/` and is in the pipeline's account and region, of type String. At most 8.
   *
   * @default - `/deployment-pipeline/freeze` of the organization, and `/deployment-pipeline/<service>/freeze` of the service
   */
  readonly additionalParameters?: string[];
}

const PROPERTY = 'GateCheck.freeze';
/** Maximum number of names: with the two of every service, Systems Manager returns as many at once. */
const MAX_ADDITIONAL = 8;
const NAME = /^(\/[A-Za-z0-9._-]+){1,15}$/;
/** Maximum length of a name in Systems Manager, less the part of the ARN before it. */
const NAME_LENGTH = 900;

export function freeze(options: FreezeOptions): CheckBinding<FreezeConfig> {
  const common = commonConfig(options, PROPERTY, 'freeze');
  const additional = options.additionalParameters ?? [];
  checkNames(additional);
  const parameters = ({ service }: GateContext) => [
    ...new Set([ORGANIZATION_FREEZE_PARAMETER, freezeParameterName(service), ...additional]),
  ];
  return {
    bind: (context) => ({ kind: 'FREEZE', ...common, parameters: parameters(context) }),
    parameters,
  };
}

function checkNames(names: readonly string[]): void {
  if (!Array.isArray(names) || names.length > MAX_ADDITIONAL) {
    const count = Array.isArray(names) ? `has ${names.length} names` : 'is no list';
    throw new Error(
      `${PROPERTY}: additionalParameters ${count}, but at most ${MAX_ADDITIONAL} are read at once: let several groups share one`,
    );
  }
  names.forEach((name, i) => {
    if (!Token.isUnresolved(name) && (!NAME.test(name) || name.length > NAME_LENGTH)) {
      throw new Error(
        `${PROPERTY}: additionalParameters[${i}] is ${show(name)}, but must be the name of a parameter with all its levels: write one such as "/payments/freeze"`,
      );
    }
  });
}
