/** Console of each partition, by the prefix of its regions. */
const CONSOLES: readonly (readonly [regions: string, domain: string])[] = [
  ['cn-', 'console.amazonaws.cn'],
  ['us-gov-', 'console.amazonaws-us-gov.com'],
  ['eusc-', 'console.amazonaws-eusc.eu'],
  ['', 'console.aws.amazon.com'],
];

const consoleOf = (region: string): string => {
  const domain = CONSOLES.find(([regions]) => region.startsWith(regions))?.[1];
  return `https://${region}.${domain}`;
};

/** Builds the link to an execution of a pipeline. */
export function executionLink(region: string, pipeline: string, executionId: string): string {
  const path = `pipelines/${encodeURIComponent(pipeline)}/executions/${encodeURIComponent(executionId)}`;
  return `${consoleOf(region)}/codesuite/codepipeline/${path}/visualization?region=${region}`;
}

/** Builds the link to a state machine and its executions. */
export function machineLink(region: string, machineArn: string): string {
  return `${consoleOf(region)}/states/home?region=${region}#/statemachines/view/${machineArn}`;
}
