import type { AppSpecFacts } from '../../aws/facts';

/** Shift of one function's traffic. */
export interface Shift {
  readonly key: string;
  readonly functionName: string;
  readonly alias: string;
  readonly from: string;
  readonly to: string;
  /** Name of the function that CodeDeploy calls when all traffic has moved. */
  readonly afterAllowTraffic?: string;
}

/** Formats the AppSpec of a Lambda deployment. Equal shifts give equal texts. */
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

/** Returns true if a deployment with this AppSpec certainly shifted a function to this version. */
export const shiftsTo = ({ content }: AppSpecFacts, version: string): boolean =>
  content !== undefined && targetVersion(content) === version;

/** Parses the version. Another author's AppSpec may be YAML or anything: an unreadable one has no version. */
function targetVersion(content: string): string | undefined {
  try {
    const resources: unknown = JSON.parse(content).Resources;
    const [first] = Array.isArray(resources) ? resources.flatMap((resource) => Object.values(resource)) : [];
    const version = (first as { Properties?: { [name: string]: unknown } } | undefined)?.Properties?.TargetVersion;
    return version === undefined ? undefined : String(version);
  } catch {
    return undefined;
  }
}
