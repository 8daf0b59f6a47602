import { createHash } from 'node:crypto';
import type { DeploymentFacts } from '../../../../lib/aws/facts';
import { type GroupHistory, lastRelease, stableBefore } from '../../../../lib/rollback/by-hand/history';
import { appSpec } from '../../../../lib/workload/lambda/app-spec';

const FUNCTION = { key: 'http', functionName: 'orders-http-8HX2PQ', alias: 'live' };
const HOOK = 'orders-production-never-promote';

const deployment = (
  mark: string,
  from: string,
  to: string,
  change: Partial<DeploymentFacts> = {},
): DeploymentFacts => ({
  id: `d-${mark}`,
  status: 'Succeeded',
  description: `of c0ffee [${mark}]`,
  createdAt: '2026-03-02T10:00:00.000Z',
  appSpec: { content: appSpec({ ...FUNCTION, from, to }) },
  ...change,
});

/** CodeDeploy tells the digest alone. */
const digested = (each: DeploymentFacts, afterAllowTraffic?: string, from = '7', to = '9'): DeploymentFacts => ({
  ...each,
  appSpec: {
    sha256: createHash('sha256')
      .update(appSpec({ ...FUNCTION, from, to, afterAllowTraffic }))
      .digest('hex'),
  },
});

const history = (...deployments: DeploymentFacts[]): GroupHistory => ({
  environment: 'eu-west-1',
  key: 'http',
  published: { ...FUNCTION, version: '9' },
  neverPromoteHook: HOOK,
  deployments,
});

describe('the last release', () => {
  test('is that of the latest shift, or baseline, in any region', () => {
    const old = history(deployment('e-1/Wave1', '1', '2'));
    const later = history(deployment('e-2/canary/baseline', '2', '2', { createdAt: '2026-03-02T11:00:00.000Z' }));
    expect(lastRelease([old, later])).toBe('e-2');
    expect(lastRelease([later, old])).toBe('e-2');
  });

  test('is not told by returns, be they ours or CodeDeploy’s, nor by what others deployed', () => {
    const createdAt = '2026-03-02T11:00:00.000Z';
    expect(
      lastRelease([
        history(
          deployment('e-1/Wave1', '1', '2'),
          deployment('e-2/asked for/roll back', '2', '1', { createdAt }),
          deployment('e-3/canary', '2', '1', { createdAt, returns: 'd-1' }),
          deployment('x', '1', '3', { createdAt, description: 'by hand' }),
        ),
      ]),
    ).toBe('e-1');
  });

  test('is unknown without any', () => {
    expect(lastRelease([history()])).toBeUndefined();
  });
});

describe('the stable version', () => {
  test('is what the deployments of the release shifted from', () => {
    const all = history(
      deployment('e-1/Wave1', '7', '9'),
      deployment('e-1/canary', '7', '9'),
      deployment('e-0/Wave1', '5', '7'),
    );
    expect(stableBefore(all, 'e-1')).toEqual({ version: '7' });
    expect(stableBefore(all, 'e-0')).toEqual({ version: '5' });
  });

  test('is what the baseline goes to, when nothing has shifted yet', () => {
    expect(stableBefore(history(deployment('e-1/canary/baseline', '7', '7')), 'e-1')).toEqual({ version: '7' });
  });

  test.each([undefined, HOOK])('is found by the digest alone, with the hook %s', (hook) => {
    expect(stableBefore(history(digested(deployment('e-1/canary', '0', '0'), hook)), 'e-1')).toEqual({ version: '7' });
  });

  test('is not guessed when no AppSpec has that digest', () => {
    const odd = digested(deployment('e-1/canary', '0', '0'), undefined, '70', '90');
    expect(stableBefore(history(odd), 'e-1')).toEqual({
      unknown: 'the AppSpec of deployment d-e-1/canary cannot be read',
    });
  });

  test('is not guessed when deployments disagree', () => {
    const all = history(deployment('e-1/Wave1', '7', '9'), deployment('e-1/canary', '6', '9'));
    expect(stableBefore(all, 'e-1')).toEqual({
      unknown: 'the deployments of release e-1 shifted from versions 7 and 6',
    });
  });

  test('needs none where the release has deployed nothing', () => {
    expect(stableBefore(history(deployment('e-0/Wave1', '5', '7')), 'e-1')).toEqual({ untouched: true });
  });
});
