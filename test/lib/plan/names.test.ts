import {
  breakGlassParameterName,
  freezeParameterName,
  loadTestParameterName,
  ORGANIZATION_FREEZE_PARAMETER,
  parameterName,
  pipelineParameterName,
  readinessParameterPrefix,
  topologyParameterName,
} from '../../../lib/plan/names';

test('no two parameters share a name, for any names of services, functions and criteria', () => {
  const words = ['freeze', 'topology', 'pipeline', 'load-test', 'readiness', 'break-glass', 'staging', 'production'];
  const names = words.flatMap((service) => [
    topologyParameterName(service),
    pipelineParameterName(service),
    freezeParameterName(service),
    loadTestParameterName(service),
    breakGlassParameterName(service),
    ...words.flatMap((key) => [
      parameterName(service, 'STAGING', key),
      parameterName(service, 'PRODUCTION', key),
      `${readinessParameterPrefix(service)}${key}`,
    ]),
  ]);
  const all = [ORGANIZATION_FREEZE_PARAMETER, ...names];
  expect(new Set(all).size).toBe(all.length);
});
