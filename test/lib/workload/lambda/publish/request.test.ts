import { answer, reasonOf } from '../../../../../lib/workload/lambda/publish/answer';
import { parseProperties, parseRequest } from '../../../../../lib/workload/lambda/publish/request';

const EVENT = {
  RequestType: 'Create',
  ResponseURL: 'https://example.com/?signature=secret',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'HandlerPublication',
  ResourceProperties: { FunctionName: 'orders', AliasName: 'live' },
};
const { ResponseURL: _, ...WITHOUT_URL } = EVENT;

describe('a request', () => {
  test('to create gets a physical id that never changes', () => {
    expect(parseRequest(EVENT)).toMatchObject({ type: 'Create', physicalResourceId: 'HandlerPublication-publication' });
  });

  test.each(['Update', 'Delete'])('to %s keeps the physical id that it has', (RequestType) => {
    const event = { ...EVENT, RequestType, PhysicalResourceId: 'from-elsewhere' };
    expect(parseRequest(event)).toMatchObject({ physicalResourceId: 'from-elsewhere' });
  });

  test.each([undefined, null, 'text', {}, WITHOUT_URL, { ...EVENT, RequestType: 'Update' }])(
    'that cannot be answered is an error that does not show it',
    (event) => {
      expect(() => parseRequest(event)).toThrow(/^Not an event of a custom resource: \w+ is missing$/);
    },
  );

  test('of an unknown type is an error', () => {
    expect(() => parseRequest({ ...EVENT, RequestType: 'Upsert' })).toThrow(
      "RequestType is 'Upsert', but must be Create, Update or Delete",
    );
  });

  test.each([undefined, {}, { FunctionName: 'orders' }, { FunctionName: '', AliasName: 'live' }])(
    'with the properties %j is an error',
    (properties) => {
      expect(() => parseProperties(properties)).toThrow('needs the properties FunctionName and AliasName');
    },
  );
});

describe('an answer', () => {
  const request = parseRequest(EVENT);
  const published = { functionName: 'orders', aliasName: 'live', aliasArn: 'arn:orders:live', candidate: '7' };

  test('has all attributes when it went well', () => {
    expect(JSON.parse(answer(request, { published }))).toEqual({
      Status: 'SUCCESS',
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'HandlerPublication',
      PhysicalResourceId: 'HandlerPublication-publication',
      Data: { FunctionName: 'orders', Qualifier: 'live', AliasArn: 'arn:orders:live', CandidateVersion: '7' },
    });
  });

  test('has the same physical id, and the reason, when it failed', () => {
    expect(JSON.parse(answer(request, { failure: 'no such subnet' }))).toMatchObject({
      Status: 'FAILED',
      Reason: 'no such subnet',
      PhysicalResourceId: 'HandlerPublication-publication',
    });
  });

  test('stays below what CloudFormation takes', () => {
    expect(Buffer.byteLength(answer(request, { failure: 'ä'.repeat(10_000) }))).toBeLessThan(4_096);
  });

  test('names the kind of an error of AWS', () => {
    expect(reasonOf(Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' }))).toBe(
      'TooManyRequestsException: Rate exceeded',
    );
    expect(reasonOf(new Error('plain'))).toBe('plain');
    expect(reasonOf('text')).toBe('text');
  });
});
