import { arrayOf, json, optional, record, ShapeError, text } from '../core/shape';
import { topologyParameterName } from './names';

/** An account's part of one region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/**
 * Where a microservice is: what a person needs to know to roll it back from any region that answers. Every production
 * environment has it in a parameter, so that none of them depends on another, nor on the pipeline's region.
 */
export interface Topology {
  readonly service: string;
  readonly pipeline: Place;
  readonly production: readonly Place[];
  /** Keys of the functions of the environment that says so. The pipeline says nothing of functions. */
  readonly functions?: readonly string[];
}

/** What the pipeline says of itself, in a parameter of its own region. */
export interface PipelineFacts {
  readonly topology: Topology;
  /** Name of the ledger's table. */
  readonly table: string;
  /** Stages whose transitions are held, in their order. */
  readonly stages: readonly string[];
}

/** Of a standard parameter (Systems Manager quotas). */
const PARAMETER_LIMIT = 4_096;

/** The value of the parameter. Throws when it is too long for one. */
export function topologyText(topology: Topology): string {
  const value = JSON.stringify(toJson(topology));
  if (value.length > PARAMETER_LIMIT) {
    throw new Error(
      `Parameter ${topologyParameterName(topology.service)} has ${value.length} characters, but a parameter of Systems Manager takes ${PARAMETER_LIMIT}: ` +
        `${topology.production.length} production regions and ${topology.functions?.length ?? 0} functions. Give the functions shorter keys, or split the microservice.`,
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

const toJson = ({ service, pipeline, production, functions }: Topology) => ({
  schema: 1,
  service,
  pipeline: placeText(pipeline),
  production: production.map(placeText),
  functions,
});

const placeText = ({ account, region }: Place): string => `${account}/${region}`;

export function parseTopology(source: string, at: string): Topology {
  return topologyOf(json(source, at), at);
}

export function parsePipeline(source: string, at: string): PipelineFacts {
  const value = json(source, at);
  const { table, stages } = record(value, at);
  return {
    topology: topologyOf(value, at),
    table: text(table, `${at}.table`),
    stages: arrayOf(stages, `${at}.stages`, text),
  };
}

function topologyOf(value: unknown, at: string): Topology {
  const { schema, service, pipeline, production, functions } = record(value, at);
  if (schema !== 1) {
    throw new ShapeError(`${at}.schema must be 1, but is ${JSON.stringify(schema)}: use the version of the pipeline`);
  }
  return {
    service: text(service, `${at}.service`),
    pipeline: place(pipeline, `${at}.pipeline`),
    production: arrayOf(production, `${at}.production`, place),
    functions: optional(functions, `${at}.functions`, (keys, where) => arrayOf(keys, where, text)),
  };
}

function place(value: unknown, at: string): Place {
  const [, account, region] = /^(\d{12})\/([a-z0-9-]+)$/.exec(text(value, at)) ?? [];
  if (!account) throw new ShapeError(`${at} must be <account>/<region>, but is ${JSON.stringify(value)}`);
  return { account, region };
}
