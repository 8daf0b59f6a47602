import { parseBlocked } from '../../../lib/gate/items';
import { isSameRefusal } from '../../../lib/gate/refusal';

const REFUSAL = { writing: '2026-11-20T11:00:00.000Z#3', broken: ['WRITER', 'TIME'] };
const ITEM = {
  schema: 1,
  state: 'BLOCKED',
  stage: 'Canary',
  executionId: 'e-1',
  commit: 'c0ffee',
  at: '2026-11-20T10:00:00.000Z',
  reason: 'frozen',
};

describe('a refusal of broken glass', () => {
  test.each([
    ['it was itself', REFUSAL, true],
    ['its rules came in another order', { ...REFUSAL, broken: ['TIME', 'WRITER'] }, true],
    ['there was none, as in an item of an earlier version', undefined, false],
    ['the parameter was written anew', { ...REFUSAL, writing: '2026-11-20T11:00:00.000Z#4' }, false],
    ['the parameter could not be read', { broken: ['READ'] }, false],
    ['it has broken fewer rules since', { ...REFUSAL, broken: ['WRITER', 'TIME', 'USE'] }, false],
    ['it has broken more rules since', { ...REFUSAL, broken: ['WRITER'] }, false],
    ['it has broken another rule since', { ...REFUSAL, broken: ['WRITER', 'USE'] }, false],
  ])('is known or news when the last time %s', (_what, known, isSame) => {
    expect(isSameRefusal(REFUSAL, known)).toBe(isSame);
  });

  test('that could not be read is known when it could not be read the last time', () => {
    expect(isSameRefusal({ broken: ['READ'] }, { broken: ['READ'] })).toBe(true);
  });

  test('is read from the ledger, with rules that only a later version has', () => {
    const refusal = { ...REFUSAL, broken: ['MOON'] };
    expect(parseBlocked({ ...ITEM, refusal }).refusal).toEqual(refusal);
  });

  test('is missing in an item of an earlier version, which had its text alone', () => {
    expect(parseBlocked({ ...ITEM, refused: 'it has expired' }).refusal).toBeUndefined();
  });

  test('of another shape is refused with its place', () => {
    expect(() => parseBlocked({ ...ITEM, refusal: 'it has expired' })).toThrow(
      'ledger.blocked.refusal must be an object, but is "it has expired"',
    );
  });
});
