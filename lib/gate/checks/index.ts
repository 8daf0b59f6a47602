import type { Shape } from '../../core/shape';
import type { CheckKind } from '../check-kind';
import { cadence } from './cadence';
import { custom } from './custom';
import { errorBudget } from './error-budget';
import { freeze } from './freeze';
import { loadTest } from './load-test';
import { openAlarms } from './open-alarms';
import { productionReadiness } from './production-readiness';

/** All kinds of checks. */
export const CHECK_KINDS = [
  errorBudget,
  cadence,
  loadTest,
  productionReadiness,
  freeze,
  openAlarms,
  custom,
] as const satisfies readonly CheckKind[];

/** Configuration of a check of one of these kinds. */
export type AnyCheckConfig = Shape<(typeof CHECK_KINDS)[number]['readConfig']>;
