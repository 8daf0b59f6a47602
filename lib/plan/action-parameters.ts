import { json, type Reader, record, schema, text } from '../core/shape';

/**
 * Schema number of the parameters of the pipeline's actions, and of the token with which CodePipeline calls one again.
 */
export const ACTION_SCHEMA = 1;

/** Reads the schema number of an action's parameters, or of its token. */
export const actionSchema = schema(
  ACTION_SCHEMA,
  'the action and its function are of different versions; deploy the pipeline again',
);

/** Reads the parameters of an action, a JSON text. The schema number comes first: others have fields of their own. */
export function parseParameters<T>(userParameters: unknown, read: Reader<T>, at = 'UserParameters'): T {
  const parameters = record(json(text(userParameters, at), at), at);
  actionSchema(parameters.schema, `${at}.schema`);
  return read(parameters, at);
}
