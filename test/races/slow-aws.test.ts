import { assertRaces } from './assert-races';

jest.setTimeout(3_600_000);

test('two releases, a rollback, an update and an alarm end the same where deployments, stops and alarms are slow and reads are stale', () =>
  assertRaces({
    startSeconds: 30,
    finishSeconds: 30,
    stopAnswers: 'Pending',
    stopSeconds: 20,
    alarmPollSeconds: 60,
    listLagSeconds: 5,
    aliasLagSeconds: 5,
  }));
