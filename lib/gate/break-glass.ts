import type { Finding } from '../core/finding';
import { isoTime, showMoment } from '../core/time';
import { type BreakGlassRequest, readBreakGlassRequest } from './break-glass-request';
import type { BreakGlassConfig } from './config';
import type { UsedBreakGlass } from './items';
import type { StoredParameter } from './parameter';
import type { BrokenRule, Refused } from './refusal';
import type { GateStage } from './request';

/** The longest time for which the glass may be broken, from its writing on. */
export const MAX_BREAK_GLASS_HOURS = 4;

/** What is known when a gate blocks a release and asks whether its glass is broken. */
export interface BreakGlassFacts {
  readonly config: BreakGlassConfig;
  /** With `modifiedBy`: a writer that is not known is none that may. Undefined: there is no parameter. */
  readonly parameter: StoredParameter | undefined;
  readonly executionId: string;
  readonly stage: GateStage;
  /** CodePipeline's job that asks. */
  readonly jobId: string;
  readonly now: number;
  /** The ledger's record of this writing of the parameter, found by `writingOf`. Undefined: it has not been used. */
  readonly used: UsedBreakGlass | undefined;
  /** What blocks. */
  readonly blocking: readonly Finding[];
}

/** What is written down before the gate lets the release pass, and never deleted. */
export interface BreakGlassRecord {
  readonly version: number;
  readonly executionId: string;
  readonly stage: GateStage;
  readonly jobId: string;
  readonly incident: string;
  readonly reason: string;
  readonly by: string;
  /** ARN of the session that wrote the parameter. */
  readonly session: string;
  readonly until: string;
  readonly usedAt: string;
  readonly overridden: readonly Pick<Finding, 'check' | 'verdict' | 'reason'>[];
  readonly trafficCycleMinutes?: number;
}

export type BreakGlassDecision =
  | { readonly use: true; readonly record: BreakGlassRecord }
  /** Not refused: there is no glass to speak of, or nothing to break it for. */
  | { readonly use: false; readonly refused?: Refused };

/**
 * Names one writing of a parameter. Its version alone does not: a parameter that is removed and made anew begins at 1 again,
 * and would look used in the next emergency.
 */
export const writingOf = ({ version, modifiedAt }: StoredParameter): string => `${modifiedAt}#${version}`;

/**
 * Whether the glass is broken for this gate. It overrides what blocks, for one release and once a gate; it knows nothing of
 * alarms and rollbacks, which it cannot touch. Whatever is not as it must be is refused, and all of it named at once: in an
 * emergency nobody has time to find out one by one.
 */
export function decideBreakGlass(facts: BreakGlassFacts): BreakGlassDecision {
  const { config, parameter, executionId, now } = facts;
  if (!parameter) return { use: false };
  const read = readBreakGlassRequest(config.parameter, parameter, executionId, now);
  const writing = writingOf(parameter);
  if ('wrong' in read) {
    return refused(config, writing, [{ rule: 'SHAPE', reason: read.wrong }], facts.blocking.length > 0);
  }
  const glass = read.value;
  const asked: Asked = { ...facts, parameter, glass };
  const broken = RULES.flatMap(([rule, check]) => {
    const reason = check(asked);
    return reason === undefined ? [] : [{ rule, reason }];
  });
  if (broken.length > 0) return refused(config, writing, broken, glass.executionId === executionId);
  if (!isNeeded(asked)) return { use: false };
  return { use: true, record: recordOf(asked) };
}

type Asked = BreakGlassFacts & { readonly parameter: StoredParameter; readonly glass: BreakGlassRequest };
type Rule = (asked: Asked) => string | undefined;

/** A broken rule, in words. */
interface Broken {
  readonly rule: BrokenRule;
  readonly reason: string;
}

/** What to do comes first: a long answer is cut at its end. */
const refused = (
  { parameter, roleName }: BreakGlassConfig,
  writing: string,
  broken: readonly Broken[],
  concerns: boolean,
): BreakGlassDecision => {
  const reasons = broken.map(({ reason }) => reason).join('; ');
  return {
    use: false,
    refused: {
      reason: `break glass is refused; to break it, write ${parameter} anew as the role ${roleName}: ${reasons}`,
      refusal: { writing, broken: broken.map(({ rule }) => rule) },
      concerns,
    },
  };
};

/** Anyone who may write parameters could write this one, too: it is the role that counts. */
const wrongWriter: Rule = ({ config, parameter: { modifiedBy } }) => {
  if (modifiedBy === undefined) {
    return `who wrote it is not known, but only the role ${config.roleName} may break the glass`;
  }
  return roleOf(modifiedBy) === config.roleName
    ? undefined
    : `it was written by ${modifiedBy}, but only the role ${config.roleName} may break the glass`;
};

/** Of `arn:<partition>:sts::<account>:assumed-role/<role>/<session>`. A user, root, or a role that was not assumed has none. */
function roleOf(arn: string): string | undefined {
  return /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\/([\w+=,.@-]+)\/[\w+=,.@-]+$/.exec(arn)?.[1];
}

const wrongRelease: Rule = ({ glass, executionId }) =>
  glass.executionId === executionId
    ? undefined
    : `it is for the release ${glass.executionId}, but this is ${executionId}`;

const wrongTime: Rule = (asked) => {
  const { glass, parameter, now } = asked;
  const until = Date.parse(glass.until);
  const written = Date.parse(parameter.modifiedAt);
  if (until <= written) {
    return `its "until", ${showMoment(until)}, was over when it was written, ${showMoment(written)}`;
  }
  if (until - written > MAX_BREAK_GLASS_HOURS * 3_600_000) {
    const minutes = Math.ceil((until - written) / 60_000);
    return `its "until", ${showMoment(until)}, is ${minutes} min after it was written, but at most ${MAX_BREAK_GLASS_HOURS * 60} min (${MAX_BREAK_GLASS_HOURS} h) are allowed`;
  }
  // A job that has been let through, and whose answer was lost, may ask again late.
  if (until <= now && !isSameUse(asked)) return `it expired ${showMoment(until)}`;
  return undefined;
};

/** Each of the release's two gates once. */
const reuse: Rule = (asked) => {
  const { used, stage, parameter, executionId } = asked;
  if (!used || isSameUse(asked)) return undefined;
  if (used.executionId !== executionId || used.version !== parameter.version) {
    return `this writing of it was used by the release ${used.executionId}`;
  }
  const jobId = used.stages[stage];
  return jobId === undefined
    ? undefined
    : `version ${parameter.version} has opened the gate of ${stage} before, for job ${jobId}, and opens it once`;
};

/** CodePipeline's job asks again, since our answer was lost. A retried stage is another job. */
const isSameUse = ({ used, parameter, executionId, stage, jobId }: Asked): boolean =>
  used?.executionId === executionId && used.version === parameter.version && used.stages[stage] === jobId;

const wrongTrafficCycle: Rule = ({ glass: { trafficCycleMinutes }, config }) => {
  if (trafficCycleMinutes === undefined) return undefined;
  if (trafficCycleMinutes > config.ownTrafficCycleMinutes) {
    return `its trafficCycleMinutes is ${trafficCycleMinutes}, but the release's own traffic cycle is ${config.ownTrafficCycleMinutes} min, which can only be shortened`;
  }
  return trafficCycleMinutes < config.trafficCycleMinutes
    ? `its trafficCycleMinutes is ${trafficCycleMinutes}, but the standard's emergency minimum is ${config.trafficCycleMinutes} min`
    : undefined;
};

/** All rules, in the order in which people read what is wrong. */
const RULES: readonly (readonly [BrokenRule, Rule])[] = [
  ['WRITER', wrongWriter],
  ['RELEASE', wrongRelease],
  ['TIME', wrongTime],
  ['USE', reuse],
  ['TRAFFIC_CYCLE', wrongTrafficCycle],
];

/** Glass is not broken for nothing. The traffic cycle is that of the canary, which the first gate stands before. */
const isNeeded = ({ blocking, stage, glass }: Asked): boolean =>
  blocking.length > 0 || (stage === 'Canary' && glass.trafficCycleMinutes !== undefined);

function recordOf({ parameter, glass, executionId, stage, jobId, now, blocking }: Asked): BreakGlassRecord {
  const { incident, reason, by, until, trafficCycleMinutes } = glass;
  return {
    version: parameter.version,
    executionId,
    stage,
    jobId,
    incident,
    reason,
    by,
    session: parameter.modifiedBy ?? '',
    until,
    usedAt: isoTime(now),
    overridden: blocking.map(({ check, verdict, reason }) => ({ check, verdict, reason })),
    ...(trafficCycleMinutes !== undefined && { trafficCycleMinutes }),
  };
}
