import { assertRaces } from './assert-races';

jest.setTimeout(3_600_000);

test('two releases, a rollback, an update and an alarm leave one candidate live, lose nothing, and roll back nothing wrong', () =>
  assertRaces({}));
