import { readiness } from '../../../../../lib/workload/lambda/publish/readiness';

test.each([
  [{ State: 'Active', LastUpdateStatus: 'Successful' }, { state: 'READY' }],
  [{ State: 'Inactive' }, { state: 'READY' }],
  [
    { State: 'Pending', StateReason: 'The function is being created.' },
    { state: 'WAIT', reason: 'State is Pending: The function is being created.' },
  ],
  [
    { State: 'Active', LastUpdateStatus: 'InProgress' },
    { state: 'WAIT', reason: 'its update is in progress' },
  ],
  [
    { State: 'Failed', StateReason: 'SnapStart failed' },
    { state: 'FAILED', reason: 'State is Failed: SnapStart failed' },
  ],
  [
    { State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'no such subnet' },
    { state: 'FAILED', reason: 'its last update failed: no such subnet' },
  ],
])('%j is %j', (configuration, expected) => {
  expect(readiness(configuration)).toEqual(expected);
});
