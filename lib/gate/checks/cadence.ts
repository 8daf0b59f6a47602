import { Calendar } from '../../core/calendar';
import type { Finding } from '../../core/finding';
import { count, maybe, type Shape, text } from '../../core/shape';
import { isoTime, showMoment } from '../../core/time';
import { configOf } from '../check-config';
import type { CheckKind } from '../check-kind';

const readConfig = configOf('CADENCE', {
  /** Maximum releases in a calendar day of `timeZone`. */
  maxPerDay: maybe(count),
  /** Minimum time since the end of the last release. */
  minimumMinutes: maybe(count),
  timeZone: text,
});
export type CadenceConfig = Shape<typeof readConfig>;

/** Releases so far. */
export interface CadenceFacts {
  /** Times at which production releases completed, those of the last two days at least; ISO 8601. */
  readonly completed: readonly string[];
}

/** Result of one of the two rules. */
interface Rule {
  readonly kept: boolean;
  readonly says: string;
  /** Undefined: there was nothing to measure. */
  readonly measured?: number;
  readonly limit: number;
  readonly since?: number;
  readonly until: number;
}

const MINUTE = 60_000;

/** Checks the releases a day, and the time between two: a release too soon is a hotfix of one that was not ready. */
export function checkCadence(config: CadenceConfig, { completed }: CadenceFacts, now: number): Finding {
  const moments = completed.map((each) => Date.parse(each)).sort((a, b) => a - b);
  const rules = [perDay(config, moments, now), sinceLast(config, moments, now)].filter((rule) => rule !== undefined);
  const broken = rules.filter(({ kept }) => !kept);
  const reason = rules.map(({ says }) => says).join('; ');
  const last = broken.reduce<Rule | undefined>((a, b) => (a && a.until >= b.until ? a : b), undefined);
  if (!last) {
    const [first] = rules;
    return {
      check: config.name,
      verdict: 'PASS',
      reason: reason || 'no rule is set',
      measured: first?.measured,
      limit: first?.limit,
    };
  }
  const since = Math.min(...broken.map((rule) => rule.since ?? now));
  return {
    check: config.name,
    verdict: 'FAIL',
    reason,
    since: isoTime(since),
    // The later end: the other rule may still block.
    until: isoTime(last.until),
    measured: last.measured,
    limit: last.limit,
  };
}

function perDay({ maxPerDay, timeZone }: CadenceConfig, moments: readonly number[], now: number): Rule | undefined {
  if (maxPerDay === undefined) return undefined;
  const calendar = new Calendar(timeZone);
  const today = calendar.dayAt(now);
  const ofToday = moments.filter((moment) => calendar.dayAt(moment) === today);
  return {
    kept: ofToday.length < maxPerDay,
    says: `production releases completed on ${today} (${timeZone}): ${ofToday.length}, at most ${maxPerDay} a day are allowed`,
    measured: ofToday.length,
    limit: maxPerDay,
    since: ofToday[maxPerDay - 1],
    until: calendar.startOfNextDay(now),
  };
}

function sinceLast(
  { minimumMinutes, timeZone }: CadenceConfig,
  moments: readonly number[],
  now: number,
): Rule | undefined {
  if (minimumMinutes === undefined) return undefined;
  const last = moments.at(-1);
  if (last === undefined) {
    const says = `no production release was completed before, ${minimumMinutes} min are required between two`;
    return { kept: true, says, limit: minimumMinutes, until: now };
  }
  const minutes = Math.floor((now - last) / MINUTE);
  return {
    kept: minutes >= minimumMinutes,
    says: `the last one was completed ${minutes} min ago, ${showMoment(last, timeZone)}, at least ${minimumMinutes} min are required`,
    measured: minutes,
    limit: minimumMinutes,
    since: last,
    until: last + minimumMinutes * MINUTE,
  };
}

/** Limits how often a service is released. Counts releases that completed. */
export const cadence: CheckKind<CadenceConfig, CadenceFacts> = {
  kind: 'CADENCE',
  readConfig,
  readFacts: async (_config, candidate) => ({ completed: (await candidate.stable())?.recent ?? [] }),
  decide: checkCadence,
};
