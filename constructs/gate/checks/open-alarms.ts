import type { OpenAlarmsConfig } from '../../../lib/gate/checks/open-alarms';
import { known, show } from '../../core/validation';
import { commonConfig } from '../common';
import type { GateCheckOptions } from '../gate-check-options';
import type { CheckBinding, GateContext } from '../gate-context';

/** Alarms of production, by their names. */
export interface ProductionAlarms {
  /** Names of metric or composite alarms, in the accounts of the service's production. At least one. */
  readonly names: string[];

  /**
   * Production regions that have them.
   *
   * @default - all production regions of the service
   */
  readonly regions?: string[];
}

/** Alarms that must not be open. */
export interface OpenAlarmsOptions extends GateCheckOptions {
  /**
   * Further alarms, such as those that page the team. At most 100 names a region, the service's own included.
   *
   * @default - none
   */
  readonly alarms?: ProductionAlarms[];

  /**
   * Whether the alarms that watch the service's waves count, those that the team has given to its workload included.
   *
   * @default true
   */
  readonly waveAlarms?: boolean;
}

const PROPERTY = 'GateCheck.openAlarms';
/** Maximum number of names in one region: CloudWatch returns as many at once. */
const MAX_NAMES = 100;

export function openAlarms(options: OpenAlarmsOptions): CheckBinding<OpenAlarmsConfig> {
  const common = commonConfig(options, PROPERTY, 'open alarms');
  const { alarms = [], waveAlarms = true } = options;
  if (!Array.isArray(alarms)) {
    throw new Error(`${PROPERTY}: alarms is no list: put { names } into brackets`);
  }
  if (!waveAlarms && alarms.length === 0) {
    throw new Error(`${PROPERTY} has no alarms: leave waveAlarms at true, or name some in alarms`);
  }
  alarms.forEach(({ names, regions }, i) => {
    texts(names, `${PROPERTY}: alarms[${i}].names`, 'name at least one alarm', 255);
    if (regions !== undefined) {
      texts(regions, `${PROPERTY}: alarms[${i}].regions`, 'name a region, or leave it out for all of them', 50);
    }
  });
  // They are read with the roles of the environments, which may read alarms anyway.
  return {
    bind: (context) => {
      checkRegions(alarms, context);
      return { kind: 'OPEN_ALARMS', ...common, alarms: grouped(namesByRegion(alarms, waveAlarms, context)) };
    },
  };
}

function texts(values: string[], property: string, instead: string, most: number): void {
  if (!Array.isArray(values) || values.length === 0) {
    throw new Error(`${property} is ${JSON.stringify(values) ?? 'missing'}, but must be a list of texts: ${instead}`);
  }
  values.forEach((value, i) => {
    known(value, `${property}[${i}]`);
    if (typeof value !== 'string' || value === '' || value.length > most) {
      throw new Error(`${property}[${i}] is ${show(value)}, but must be a text of 1–${most} characters: ${instead}`);
    }
  });
}

function checkRegions(alarms: readonly ProductionAlarms[], { production, service }: GateContext): void {
  alarms.forEach(({ regions = [] }, i) => {
    const unknown = regions.find((region) => !production.includes(region));
    if (unknown !== undefined) {
      throw new Error(
        `${PROPERTY}: alarms[${i}].regions has ${show(unknown)}, but production of ${show(service)} is in ${production.join(', ')}: remove it, or add the region to the pipeline`,
      );
    }
  });
}

function namesByRegion(
  alarms: readonly ProductionAlarms[],
  waveAlarms: boolean,
  context: GateContext,
): readonly (readonly [string, readonly string[]])[] {
  return context.production.map((region) => {
    const own = waveAlarms ? (context.waveAlarms[region] ?? []) : [];
    const named = alarms.filter(({ regions }) => regions === undefined || regions.includes(region));
    const names = [...new Set([...own, ...named.flatMap(({ names }) => names)])];
    if (names.length > MAX_NAMES) {
      throw new Error(
        `${PROPERTY}: ${region} has ${names.length} alarms, but at most ${MAX_NAMES} are read of a region: combine some into composite alarms`,
      );
    }
    return [region, names] as const;
  });
}

/** Regions with the same alarms share an entry: the gate's configuration has little space. */
function grouped(
  byRegion: readonly (readonly [string, readonly string[]])[],
): { regions: readonly string[]; names: readonly string[] }[] {
  const groups = new Map<string, { regions: string[]; names: readonly string[] }>();
  for (const [region, names] of byRegion) {
    if (names.length === 0) continue;
    const key = JSON.stringify(names);
    const group = groups.get(key) ?? { regions: [], names };
    group.regions.push(region);
    groups.set(key, group);
  }
  return [...groups.values()];
}
