import type { StoredParameter } from '../aws/facts';
import type { Finding } from '../core/finding';
import { isoTime, showMoment } from '../core/time';
import { type BreakGlassRequest, readBreakGlassRequest } from './break-glass-request';
import type { BreakGlassConfig } from './config';
import type { UsedBreakGlass } from './items';
import type { BrokenRule, Refused } from './refusal';
import type { GateStage } from './request';

/** Maximum hours from the writing of the parameter to its `until`. */
export const MAX_BREAK_GLASS_HOURS = 4;

/** Facts for the decision whether broken glass overrides a gate. */
export interface BreakGlassFacts {
  readonly config: BreakGlassConfig;
  /** Includes `modifiedBy`: an unknown writer may not break glass. Undefined: there is no parameter. */
  readonly parameter: StoredParameter | undefined;
  readonly executionId: string;
  readonly stage: GateStage;
  /** CodePipeline's job at the gate. */
  readonly jobId: string;
  readonly now: number;
  /** The ledger's record of this writing of the parameter, found by `writingOf`. Undefined: it has not been used. */
  readonly used: UsedBreakGlass | undefined;
  /** Findings that block the release. */
  readonly blocking: readonly Finding[];
}

/** Record of a use: written before the gate lets the release pass, and never deleted. */
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
  /** Not refused: there is no parameter, or nothing to override. */
  | { readonly use: false; readonly refused?: Refused };

/**
 * Names one writing of a parameter. The version alone would be ambiguous: a parameter that is deleted and recreated
 * begins at 1 again, and would look used in the next emergency.
 */
export const writingOf = ({ version, modifiedAt }: StoredParameter): string => `${modifiedAt}#${version}`;

/**
 * Decides whether the glass is broken for this gate. It overrides the checks that block, for one release and once a
 * gate; it cannot touch alarms and rollbacks. A refusal names all mistakes at once: in an emergency nobody has time to
 * find them one by one.
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
  const attempt: Attempt = { ...facts, parameter, glass };
  const broken = RULES.flatMap(([rule, check]) => {
    const reason = check(attempt);
    return reason === undefined ? [] : [{ rule, reason }];
  });
  if (broken.length > 0) return refused(config, writing, broken, glass.executionId === executionId);
  if (!isNeeded(attempt)) return { use: false };
  return { use: true, record: recordOf(attempt) };
}

type Attempt = BreakGlassFacts & { readonly parameter: StoredParameter; readonly glass: BreakGlassRequest };
type Rule = (attempt: Attempt) => string | undefined;

/** A broken rule, in words. */
interface Broken {
  readonly rule: BrokenRule;
  readonly reason: string;
}

/** The cure comes first: a long answer is cut at its end. */
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
      reason: `break glass is refused; to break it, write ${parameter} again as the role ${roleName}: ${reasons}`,
      refusal: { writing, broken: broken.map(({ rule }) => rule) },
      concerns,
    },
  };
};

/** Checks the writer's role: everybody who may write parameters could write this one, too. */
const wrongWriter: Rule = ({ config, parameter: { modifiedBy } }) => {
  if (modifiedBy === undefined) {
    return `its writer is unknown, but only the role ${config.roleName} may break the glass`;
  }
  return roleOf(modifiedBy) === config.roleName
    ? undefined
    : `it was written by ${modifiedBy}, but only the role ${config.roleName} may break the glass`;
};

/**
 * Role of `arn:<partition>:sts::<account>:assumed-role/<role>/<session>`. A user, root, or a role that was not assumed
 * has none.
 */
function roleOf(arn: string): string | undefined {
  return /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\/([\w+=,.@-]+)\/[\w+=,.@-]+$/.exec(arn)?.[1];
}

const wrongRelease: Rule = ({ glass, executionId }) =>
  glass.executionId === executionId
    ? undefined
    : `it is for the release ${glass.executionId}, but this is ${executionId}`;

const wrongTime: Rule = (attempt) => {
  const { glass, parameter, now } = attempt;
  const until = Date.parse(glass.until);
  const written = Date.parse(parameter.modifiedAt);
  if (until <= written) {
    return `its "until", ${showMoment(until)}, was over when it was written, ${showMoment(written)}`;
  }
  if (until - written > MAX_BREAK_GLASS_HOURS * 3_600_000) {
    const minutes = Math.ceil((until - written) / 60_000);
    return `its "until", ${showMoment(until)}, is ${minutes} min after it was written, but at most ${MAX_BREAK_GLASS_HOURS * 60} min (${MAX_BREAK_GLASS_HOURS} h) are allowed`;
  }
  // A job that passed, and whose answer was lost, may be repeated late.
  if (until <= now && !isSameUse(attempt)) return `it expired ${showMoment(until)}`;
  return undefined;
};

/** Allows one use for each of the release's two gates. */
const reuse: Rule = (attempt) => {
  const { used, stage, parameter, executionId } = attempt;
  if (!used || isSameUse(attempt)) return undefined;
  if (used.executionId !== executionId || used.version !== parameter.version) {
    return `this writing of it was used by the release ${used.executionId}`;
  }
  const jobId = used.stages[stage];
  return jobId === undefined
    ? undefined
    : `version ${parameter.version} has opened the gate of ${stage} before, for job ${jobId}, and opens it once`;
};

/** Returns true if CodePipeline repeats a job whose answer was lost. A retried stage is another job. */
const isSameUse = ({ used, parameter, executionId, stage, jobId }: Attempt): boolean =>
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

/** All rules, in the order in which a refusal lists them. */
const RULES: readonly (readonly [BrokenRule, Rule])[] = [
  ['WRITER', wrongWriter],
  ['RELEASE', wrongRelease],
  ['TIME', wrongTime],
  ['USE', reuse],
  ['TRAFFIC_CYCLE', wrongTrafficCycle],
];

/** Returns true if a check blocks, or if the request shortens the traffic cycle at the gate of Canary. */
const isNeeded = ({ blocking, stage, glass }: Attempt): boolean =>
  blocking.length > 0 || (stage === 'Canary' && glass.trafficCycleMinutes !== undefined);

function recordOf({ parameter, glass, executionId, stage, jobId, now, blocking }: Attempt): BreakGlassRecord {
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
