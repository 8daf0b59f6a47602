import { continuation, parseJob, parseRequest } from '../../../lib/ledger/job';

const event = (configuration: object, data: object = {}) => ({
  'CodePipeline.job': { id: 'job-1', data: { actionConfiguration: { configuration }, ...data } },
});

test('a job is read as CodePipeline sends it', () => {
  expect(parseJob(event({ FunctionName: 'f', UserParameters: '{}' }))).toEqual({
    id: 'job-1',
    userParameters: '{}',
    waitingSince: undefined,
  });
});

test('a job that is called again has the moment of its first call', () => {
  const at = '2026-03-02T10:00:00.000Z';
  expect(parseJob(event({}, { continuationToken: continuation(at) })).waitingSince).toBe(at);
});

test.each(['', 'x', '{}', '{"waitingSince":7}'])('a token that is not ours counts as none: %j', (continuationToken) => {
  expect(parseJob(event({}, { continuationToken })).waitingSince).toBeUndefined();
});

test('an event that is no job is an error that shows none of it', () => {
  expect(() => parseJob({ secret: 's3cret' })).toThrow(/^(?!.*s3cret).*CodePipeline.job/s);
});

test('parameters are read', () => {
  const request = { operation: 'complete', executionId: 'e-1', commit: 'c0ffee', requires: ['canary', 'Wave1'] };
  expect(parseRequest(JSON.stringify(request))).toEqual(request);
  expect(parseRequest(JSON.stringify({ ...request, requires: undefined })).requires).toEqual([]);
});

test.each([
  [undefined, 'UserParameters must be a text'],
  ['{', 'UserParameters must be JSON'],
  ['[]', 'UserParameters must be an object'],
  ['{"operation":"steal"}', 'UserParameters.operation must be one of acquire, complete, but is "steal"'],
  ['{"operation":"acquire"}', 'UserParameters.executionId must be a text'],
  ['{"operation":"acquire","executionId":"e"}', 'UserParameters.commit must be a text'],
  [
    '{"operation":"acquire","executionId":"e","commit":"c","requires":"canary"}',
    'UserParameters.requires must be an array',
  ],
])('wrong parameters: %j', (userParameters, message) => {
  expect(() => parseRequest(userParameters)).toThrow(message);
});
