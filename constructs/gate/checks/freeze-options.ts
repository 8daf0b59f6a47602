import type { GateCheckOptions } from '../gate-check-options';

/** Who can stop the line. */
export interface FreezeOptions extends GateCheckOptions {
  /**
   * Names of further parameters that stop the line, such as that of a group of services: `/payments/freeze`. Each begins with
   * `/` and is in the pipeline's account and region, of type String. At most 8.
   *
   * @default - `/deployment-pipeline/freeze` of the organization, and `/deployment-pipeline/<service>/freeze` of the service
   */
  readonly additionalParameters?: string[];
}
