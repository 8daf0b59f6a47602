import { appSpec, type Shift, shiftsTo } from '../../../../lib/workload/lambda/app-spec';

const SHIFT: Shift = { key: 'api', functionName: 'orders-api', alias: 'live', from: '3', to: '4' };

test('an AppSpec is what CodeDeploy documents for Lambda', () => {
  expect(JSON.parse(appSpec({ ...SHIFT, afterAllowTraffic: 'never' }))).toEqual({
    version: 0,
    Resources: [
      {
        api: {
          Type: 'AWS::Lambda::Function',
          Properties: { Name: 'orders-api', Alias: 'live', CurrentVersion: '3', TargetVersion: '4' },
        },
      },
    ],
    Hooks: [{ AfterAllowTraffic: 'never' }],
  });
});

test('its version is written as CodeDeploy documents it', () => {
  expect(appSpec(SHIFT)).toMatch(/^\{"version":0\.0,/);
});

test('without a hook there are no hooks', () => {
  expect(JSON.parse(appSpec(SHIFT))).not.toHaveProperty('Hooks');
});

describe('the target of a deployment', () => {
  test.each([
    ['its content says so', { content: appSpec(SHIFT) }, true],
    ['its content names another version', { content: appSpec({ ...SHIFT, to: '5' }) }, false],
    ['there is no data', {}, false],
    ['the content is YAML', { content: 'version: 0.0' }, false],
    ['the content is empty JSON', { content: '{}' }, false],
    ['the resources are odd', { content: '{"Resources":[{"api":null}]}' }, false],
    ['the version is a number', { content: '{"Resources":[{"api":{"Properties":{"TargetVersion":4}}}]}' }, true],
  ])('%s', (_name, facts, expected) => {
    expect(shiftsTo(facts, SHIFT.to)).toBe(expected);
  });
});
