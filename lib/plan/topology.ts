import {
  json,
  listOf,
  mapOf,
  maybe,
  object,
  type Reader,
  record,
  type Shape,
  ShapeError,
  schema,
  text,
} from '../core/shape';
import { WORKLOAD_KINDS } from './kinds';
import { topologyParameterName } from './names';
import { parseKind } from './revision';

/** One region of one account. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

const place: Reader<Place> = (value, at) => {
  const [, account, region] = /^(\d{12})\/([a-z0-9-]+)$/.exec(text(value, at)) ?? [];
  if (!account) throw new ShapeError(`${at} must be <account>/<region>, but is ${JSON.stringify(value)}`);
  return { account, region };
};

/** Reads the targets' keys by kind, and returns the kind of each target by its key. */
const kindsOfTargets =
  (kinds: readonly string[]): Reader<{ readonly [key: string]: string }> =>
  (value, at) => {
    const targets = Object.entries(mapOf(listOf(text))(value, at)).flatMap(([kind, keys]) => {
      const known = parseKind(kind, `kind of ${at}`, kinds);
      return keys.map((key) => [key, known] as const);
    });
    return Object.fromEntries(targets);
  };

const topologyIn = (kinds: readonly string[]) =>
  object({
    service: text,
    pipeline: place,
    production: listOf(place),
    /**
     * Kind of each target in the environment that has this parameter, by key. The pipeline's parameter has no targets.
     */
    targets: maybe(kindsOfTargets(kinds)),
  });

/**
 * Place of a microservice: all that a person needs to roll it back from any region that answers. Every production
 * environment has it in a parameter, so each works without the others and without the pipeline's region.
 */
export type Topology = Shape<ReturnType<typeof topologyIn>>;

const pipelineItself = object({
  /** Name of the ledger's table. */
  table: text,
  /** Stages whose transitions are held, in their order. */
  stages: listOf(text),
});

/** Facts about the pipeline, in a parameter of its own region. */
export interface PipelineFacts extends Shape<typeof pipelineItself> {
  readonly topology: Topology;
}

/** Schema number of both parameters. The pipeline's has all fields of the other, and more. */
const TOPOLOGY_SCHEMA = 1;
const topologySchema = schema(TOPOLOGY_SCHEMA, 'use the version of the pipeline');

/** Characters of a standard parameter (Systems Manager quotas). */
const PARAMETER_LIMIT = 4_096;

/** Formats the value of the parameter. Throws if it is too long for one. */
export function topologyText(topology: Topology): string {
  const value = JSON.stringify(toJson(topology));
  if (value.length > PARAMETER_LIMIT) {
    throw new Error(
      `Parameter ${topologyParameterName(topology.service)} has ${value.length} characters, but a parameter of Systems Manager takes ${PARAMETER_LIMIT}: ` +
        `${topology.production.length} production regions and ${Object.keys(topology.targets ?? {}).length} targets. Give the targets shorter keys, or split the microservice.`,
    );
  }
  return value;
}

/** Returns the value of the pipeline's parameter. Table and stages may be tokens. */
export const pipelineJson = ({ topology, table, stages }: PipelineFacts): object => ({
  ...toJson(topology),
  table,
  stages,
});

const toJson = ({ service, pipeline, production, targets }: Topology) => ({
  schema: TOPOLOGY_SCHEMA,
  service,
  pipeline: placeText(pipeline),
  production: production.map(placeText),
  targets: targets && byKind(targets),
});

/** Groups the targets' keys by kind, which is shorter. */
function byKind(targets: NonNullable<Topology['targets']>): { readonly [kind: string]: readonly string[] } {
  const kinds = [...new Set(Object.values(targets))];
  const keysOf = (kind: string) => Object.keys(targets).filter((key) => targets[key] === kind);
  return Object.fromEntries(kinds.map((kind) => [kind, keysOf(kind)]));
}

const placeText = ({ account, region }: Place): string => `${account}/${region}`;

export function parseTopology(source: string, at: string, kinds: readonly string[] = WORKLOAD_KINDS): Topology {
  return topologyOf(json(source, at), at, kinds);
}

export function parsePipeline(source: string, at: string): PipelineFacts {
  const value = json(source, at);
  return { topology: topologyOf(value, at, WORKLOAD_KINDS), ...pipelineItself(value, at) };
}

function topologyOf(value: unknown, at: string, kinds: readonly string[]): Topology {
  topologySchema(record(value, at).schema, `${at}.schema`);
  return topologyIn(kinds)(value, at);
}
