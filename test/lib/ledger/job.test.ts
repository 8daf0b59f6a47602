import { continuation, parseContinuation, parseJob, parseRequest } from '../../../lib/ledger/job';

const event = (configuration: object, data: object = {}) => ({
  'CodePipeline.job': { id: 'job-1', data: { actionConfiguration: { configuration }, ...data } },
});

test('a job is read as CodePipeline sends it', () => {
  expect(parseJob(event({ FunctionName: 'f', UserParameters: '{}' }))).toEqual({
    id: 'job-1',
    userParameters: '{}',
    continuationToken: undefined,
  });
});

test('a job that is called again has the moment of its first call', () => {
  const at = '2026-03-02T10:00:00.000Z';
  const { continuationToken } = parseJob(event({}, { continuationToken: continuation(at) }));
  expect(parseContinuation(continuationToken)).toEqual({ waitingSince: at });
});

test.each([undefined, '', 'x', '[]', '{}', '{"waitingSince":7}', '{"schema":1,"waitingSince":7}'])(
  'a token that is not ours counts as none: %j',
  (token) => {
    expect(parseContinuation(token).waitingSince).toBeUndefined();
  },
);

test('a token of another schema is refused', () => {
  expect(() => parseContinuation('{"schema":2,"waitingSince":"2026-03-02T10:00:00.000Z"}')).toThrow(
    'continuationToken.schema must be 1, but is 2: the action and its function are of different versions',
  );
});

test('an event that is no job is an error that shows none of it', () => {
  expect(() => parseJob({ secret: 's3cret' })).toThrow(/^(?!.*s3cret).*CodePipeline.job/s);
});

test('parameters are read', () => {
  const request = { operation: 'complete', executionId: 'e-1', commit: 'c0ffee', requires: ['canary', 'Wave1'] };
  expect(parseRequest(JSON.stringify({ schema: 1, ...request }))).toEqual(request);
  expect(parseRequest(JSON.stringify({ schema: 1, ...request, requires: undefined })).requires).toEqual([]);
});

test.each([
  [undefined, 'UserParameters must be a text'],
  ['{', 'UserParameters must be JSON'],
  ['[]', 'UserParameters must be an object'],
  ['{"operation":"acquire"}', 'UserParameters.schema must be 1, but is missing'],
  [
    '{"schema":2,"operation":"seize"}',
    'UserParameters.schema must be 1, but is 2: the action and its function are of different versions; deploy the pipeline',
  ],
  ['{"schema":1,"operation":"steal"}', 'UserParameters.operation must be one of acquire, complete, but is "steal"'],
  ['{"schema":1,"operation":"acquire"}', 'UserParameters.executionId must be a text'],
  ['{"schema":1,"operation":"acquire","executionId":"e"}', 'UserParameters.commit must be a text'],
  [
    '{"schema":1,"operation":"acquire","executionId":"e","commit":"c","requires":"canary"}',
    'UserParameters.requires must be an array',
  ],
])('wrong parameters: %j', (userParameters, message) => {
  expect(() => parseRequest(userParameters)).toThrow(message);
});
