import type { Fields } from './call';
import type { HttpAnswer, HttpRequest } from './protocols';

/** Request to a custom resource. */
export interface CustomResourceRequest {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly logicalId: string;
  /** Earlier answer to which an update or a delete refers. */
  readonly physicalId?: string;
  readonly properties: Fields;
  readonly oldProperties?: Fields;
}

/** Answer of a custom resource. */
export interface CustomResourceAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly [name: string]: string };
}

/** Longest answer that CloudFormation accepts, in bytes. */
const ANSWER_LIMIT = 4_096;

/** Path of the URLs to which custom resources send their answers. */
const PATH = '/cloudformation-response/';

/**
 * Sends requests to custom resources and accepts their answers as CloudFormation does: by an unsigned PUT to a URL in
 * the request.
 */
export class CloudFormation {
  private readonly answers = new Map<string, Fields>();
  private requests = 0;

  constructor(private readonly endpoint: () => string) {}

  /** Sends a request to the function of a custom resource, and waits for its answer. */
  async send(
    handler: (event: unknown) => Promise<unknown>,
    request: CustomResourceRequest,
  ): Promise<CustomResourceAnswer> {
    this.requests++;
    const requestId = `request-${this.requests}`;
    const { type, logicalId, physicalId, properties, oldProperties } = request;
    await handler({
      RequestType: type,
      RequestId: requestId,
      StackId: 'arn:aws:cloudformation:eu-west-1:222222222222:stack/orders-production/1',
      ResponseURL: `${this.endpoint()}${PATH}${requestId}?X-Amz-Signature=secret`,
      ResourceType: 'Custom::LambdaPublication',
      LogicalResourceId: logicalId,
      ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
      ResourceProperties: properties,
      ...(oldProperties === undefined ? {} : { OldResourceProperties: oldProperties }),
    });
    const answer = this.answers.get(requestId);
    if (!answer) {
      throw new Error(`The custom resource ${logicalId} did not answer: a stack would wait until its timeout`);
    }
    return answer as unknown as CustomResourceAnswer;
  }

  /** Accepts a request to one of its URLs, and no other. */
  receive({ method, path, body }: HttpRequest): HttpAnswer | undefined {
    if (method !== 'PUT' || !path.startsWith(PATH)) {
      return undefined;
    }
    const answer = JSON.parse(body) as Fields;
    const missing = ['Status', 'PhysicalResourceId', 'StackId', 'RequestId', 'LogicalResourceId'].filter(
      (member) => typeof answer[member] !== 'string',
    );
    const noReason = answer.Status === 'FAILED' && !answer.Reason;
    if (missing.length > 0 || noReason || body.length > ANSWER_LIMIT) {
      throw new Error(`CloudFormation would not take this answer: ${body}`);
    }
    this.answers.set(path.slice(PATH.length), answer);
    return { status: 200, headers: {}, body: '' };
  }
}
