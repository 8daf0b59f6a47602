import { createHash } from 'node:crypto';
import { AwsError, type Fields, list, optional, structure } from './call';

/** Content of an AppSpec of the Lambda platform. */
export interface AppSpec {
  readonly functionName: string;
  readonly alias: string;
  readonly currentVersion: string;
  readonly targetVersion: string;
  readonly beforeAllowTraffic?: string;
  readonly afterAllowTraffic?: string;
  /** The AppSpec's text as given. */
  readonly content: string;
  readonly sha256: string;
}

const HOOKS = ['BeforeAllowTraffic', 'AfterAllowTraffic'];

/** Reads the revision of a CreateDeployment. Takes JSON only, where CodeDeploy would also take YAML. */
export function parseRevision(revision: Fields): AppSpec {
  if (revision.revisionType !== 'AppSpecContent') {
    throw invalid(`a revision of the Lambda platform is of type AppSpecContent, not ${revision.revisionType}`);
  }
  const { content, sha256 } = structure(revision, 'appSpecContent');
  if (typeof content !== 'string' || content === '') {
    throw invalid('it has no content');
  }
  const actual = createHash('sha256').update(content).digest('hex');
  if (sha256 !== undefined && sha256 !== actual) {
    throw invalid(`its SHA-256 is ${actual}, not ${sha256}`);
  }
  const spec = parse(content);
  if (String(spec.version) !== '0.0' && spec.version !== 0) {
    throw invalid(`version is 0.0, not ${spec.version}`);
  }
  const resources = list(spec, 'Resources');
  const resource = Object.values((resources[0] ?? {}) as Fields)[0] as Fields | undefined;
  if (resources.length !== 1 || Object.keys(resources[0] as Fields).length !== 1 || !resource) {
    throw invalid('Resources is a list of exactly one function');
  }
  if (resource.Type !== 'AWS::Lambda::Function') {
    throw invalid(`the resource is of type AWS::Lambda::Function, not ${resource.Type}`);
  }
  const property = (name: string): string => {
    const value = optional(structure(resource, 'Properties'), name);
    if (!value) {
      throw invalid(`${name} is missing, or no string`);
    }
    return value;
  };
  return {
    functionName: property('Name'),
    alias: property('Alias'),
    currentVersion: property('CurrentVersion'),
    targetVersion: property('TargetVersion'),
    ...hooks(spec),
    content,
    sha256: actual,
  };
}

function hooks(spec: Fields): { beforeAllowTraffic?: string; afterAllowTraffic?: string } {
  const found: { [hook: string]: string } = {};
  for (const entry of list(spec, 'Hooks')) {
    for (const [hook, name] of Object.entries(entry as Fields)) {
      if (!HOOKS.includes(hook) || typeof name !== 'string' || name === '' || hook in found) {
        throw invalid(
          `Hooks has ${hook}: ${JSON.stringify(name)}; a Lambda deployment has ${HOOKS.join(' and ')}, once`,
        );
      }
      found[hook] = name;
    }
  }
  return { beforeAllowTraffic: found.BeforeAllowTraffic, afterAllowTraffic: found.AfterAllowTraffic };
}

function parse(content: string): Fields {
  try {
    return JSON.parse(content) as Fields;
  } catch {
    throw invalid('its content is not JSON');
  }
}

const invalid = (why: string): AwsError => new AwsError('InvalidRevisionException', `The AppSpec is invalid: ${why}`);
