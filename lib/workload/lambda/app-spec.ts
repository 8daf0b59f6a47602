import { createHash } from 'node:crypto';
import type { AppSpecFacts } from '../../aws/facts';

/** What a deployment does to one function. */
export interface Shift {
  readonly key: string;
  readonly functionName: string;
  readonly alias: string;
  readonly from: string;
  readonly to: string;
  /** Name of the function that CodeDeploy calls when all traffic has moved. */
  readonly afterAllowTraffic?: string;
}

/** The AppSpec of a Lambda deployment. Equal shifts give equal texts. */
export function appSpec(shift: Shift): string {
  const { key, functionName, alias, from, to, afterAllowTraffic } = shift;
  const Properties = { Name: functionName, Alias: alias, CurrentVersion: from, TargetVersion: to };
  const content = {
    Resources: [{ [key]: { Type: 'AWS::Lambda::Function', Properties } }],
    ...(afterAllowTraffic ? { Hooks: [{ AfterAllowTraffic: afterAllowTraffic }] } : {}),
  };
  // "0.0" is the one version that CodeDeploy documents; as a number of JavaScript it would become "0".
  return `{"version":0.0,${JSON.stringify(content).slice(1)}`;
}

/**
 * Whether a deployment with this AppSpec shifted the function to `to`. True only when that is known: told the digest
 * alone, it recognises the baseline (`to` to `to`), which is what a doubtful caller sets next.
 */
export function shiftsTo(facts: AppSpecFacts, { key, functionName, alias, to }: Omit<Shift, 'from'>): boolean {
  if (facts.content) return targetVersion(facts.content) === to;
  const baseline = appSpec({ key, functionName, alias, from: to, to });
  return (
    facts.sha256 !== undefined && facts.sha256.toLowerCase() === createHash('sha256').update(baseline).digest('hex')
  );
}

/** The version that an AppSpec shifts from. */
export const currentVersion = (content: string): string | undefined => versionIn(content, 'CurrentVersion');

const targetVersion = (content: string): string | undefined => versionIn(content, 'TargetVersion');

/** Somebody else's AppSpec may be YAML or anything: what cannot be read has no versions. */
function versionIn(content: string, property: 'CurrentVersion' | 'TargetVersion'): string | undefined {
  try {
    const resources: unknown = JSON.parse(content).Resources;
    const [first] = Array.isArray(resources) ? resources.flatMap((resource) => Object.values(resource)) : [];
    const version = (first as { Properties?: { [name: string]: unknown } } | undefined)?.Properties?.[property];
    return version === undefined ? undefined : String(version);
  } catch {
    return undefined;
  }
}
