import { assertRaces } from './assert-races';

jest.setTimeout(3_600_000);

test('the same where AWS takes its time: deployments, stops and alarms are slow, lists and aliases are read late', () =>
  assertRaces({
    startSeconds: 30,
    finishSeconds: 30,
    stopAnswers: 'Pending',
    stopSeconds: 20,
    alarmPollSeconds: 60,
    listLagSeconds: 5,
    aliasLagSeconds: 5,
  }));
