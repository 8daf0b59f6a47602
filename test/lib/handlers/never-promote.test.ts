import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

let codeDeploy: Server;
let handler: (event: unknown) => Promise<void>;
let calls: { readonly target: unknown; readonly input: unknown }[] = [];

beforeAll(async () => {
  codeDeploy = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    calls.push({ target: request.headers['x-amz-target'], input: JSON.parse(body) });
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
  });
  await new Promise<void>((resolve) => codeDeploy.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(codeDeploy.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
  ({ handler } = require('../../../lib/handlers/never-promote'));
});

afterAll(() => codeDeploy.close());

beforeEach(() => {
  calls = [];
  jest.spyOn(console, 'log').mockImplementation();
});

test('reports to CodeDeploy that the canary failed', async () => {
  await handler({ DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'hook-1' });
  expect(calls).toEqual([
    {
      target: 'CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus',
      input: { deploymentId: 'd-1', lifecycleEventHookExecutionId: 'hook-1', status: 'Failed' },
    },
  ]);
});

test.each([undefined, {}, { DeploymentId: 'd-1' }])('throws on %j, which fails the hook, too', async (event) => {
  await expect(handler(event)).rejects.toThrow('Not an event of a CodeDeploy hook');
  expect(calls).toEqual([]);
});
