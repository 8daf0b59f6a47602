import { assertRaces } from './assert-races';

jest.setTimeout(3_600_000);

test('two releases, a rollback, an update, an alarm: one candidate live, nothing lost, nothing wrong rolled back', () =>
  assertRaces({}));
