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

/** An account's part of one region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

const place: Reader<Place> = (value, at) => {
  const [, account, region] = /^(\d{12})\/([a-z0-9-]+)$/.exec(text(value, at)) ?? [];
  if (!account) throw new ShapeError(`${at} must be <account>/<region>, but is ${JSON.stringify(value)}`);
  return { account, region };
};

/** Reads the kind of each target, by its key, from the keys of each kind. */
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
    /** By its key: the kind of each target of the environment that says so. The pipeline says nothing of targets. */
    targets: maybe(kindsOfTargets(kinds)),
  });

/**
 * Where a microservice is: what a person needs to know to roll it back from any region that answers. Every production
 * environment has it in a parameter, so that none of them depends on another, nor on the pipeline's region.
 */
export type Topology = Shape<ReturnType<typeof topologyIn>>;

const pipelineItself = object({
  /** Name of the ledger's table. */
  table: text,
  /** Stages whose transitions are held, in their order. */
  stages: listOf(text),
});

/** What the pipeline says of itself, in a parameter of its own region. */
export interface PipelineFacts extends Shape<typeof pipelineItself> {
  readonly topology: Topology;
}

/** Schema number of both parameters: the pipeline's has all of this, and more. */
const TOPOLOGY_SCHEMA = 1;
const topologySchema = schema(TOPOLOGY_SCHEMA, 'use the version of the pipeline');

/** Of a standard parameter (Systems Manager quotas). */
const PARAMETER_LIMIT = 4_096;

/** The value of the parameter. Throws when it is too long for one. */
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

/** What becomes the value of the pipeline's parameter. Table and stages may be tokens. */
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

/** By kind, the keys of its targets: that is shorter. */
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
