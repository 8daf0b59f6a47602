/** Request of CloudFormation to the provider of `Custom::LambdaPublication`. */
export interface Request {
  readonly type: 'Create' | 'Update' | 'Delete';
  /** Address for the answer: a presigned URL, and so a secret. */
  readonly responseUrl: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
  /** Constant for the resource's life: a replaced function updates this publication and gets no new one. */
  readonly physicalResourceId: string;
  /** Properties as sent, not checked yet. */
  readonly properties: unknown;
}

/** Properties that the provider uses. All others only make CloudFormation call it. */
export interface PublishProperties {
  readonly functionName: string;
  readonly aliasName: string;
}

/**
 * Reads the fields that an answer needs. Throws without them, because then no answer is possible; the properties are
 * read later. Errors never show the event: its URL is a secret.
 */
export function parseRequest(event: unknown): Request {
  const fields = record(event);
  const text = (name: string): string => {
    const value = fields[name];
    if (typeof value !== 'string' || value === '') {
      throw new Error(`Not an event of a custom resource: ${name} is missing`);
    }
    return value;
  };
  const type = text('RequestType');
  if (type !== 'Create' && type !== 'Update' && type !== 'Delete') {
    throw new Error(`RequestType is '${type}', but must be Create, Update or Delete`);
  }
  const logicalResourceId = text('LogicalResourceId');
  return {
    type,
    responseUrl: text('ResponseURL'),
    stackId: text('StackId'),
    requestId: text('RequestId'),
    logicalResourceId,
    physicalResourceId: type === 'Create' ? `${logicalResourceId}-publication` : text('PhysicalResourceId'),
    properties: fields.ResourceProperties,
  };
}

export function parseProperties(properties: unknown): PublishProperties {
  const { FunctionName, AliasName } = record(properties);
  if (typeof FunctionName !== 'string' || FunctionName === '' || typeof AliasName !== 'string' || AliasName === '') {
    throw new Error('Custom::LambdaPublication needs the properties FunctionName and AliasName');
  }
  return { functionName: FunctionName, aliasName: AliasName };
}

function record(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { [name: string]: unknown }) : {};
}
