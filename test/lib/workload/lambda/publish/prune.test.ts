import * as fc from 'fast-check';
import { KEPT_VERSIONS, prunable } from '../../../../../lib/workload/lambda/publish/prune';

const upTo = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at + 1));
const alias = (version: string, ...weighted: string[]) => ({ arn: 'arn', version, weighted });

test('the last ten stay, by number rather than by text', () => {
  expect(prunable(['$LATEST', ...upTo(12)].reverse(), [], '12')).toEqual(['1', '2']);
});

test('up to ten versions are left alone', () => {
  expect(prunable(upTo(10), [], '10')).toEqual([]);
});

test('a version that an alias serves stays, also with a share alone, also when the alias is not ours', () => {
  expect(prunable(upTo(15), [alias('1', '3'), alias('4')], '15')).toEqual(['2', '5']);
});

test('the candidate stays, also when it is an old version', () => {
  expect(prunable(upTo(13), [], '2')).toEqual(['1', '3']);
});

test('pruning keeps every needed version, and removes enough', () => {
  const versions = fc.uniqueArray(fc.integer({ min: 1, max: 500 }).map(String), { minLength: 1 });
  return fc.assert(
    fc.property(versions, fc.array(fc.integer({ min: 1, max: 500 }).map(String)), (all, served) => {
      const gone = prunable(
        all,
        served.map((version) => alias(version)),
        all[0],
      );
      expect(gone).not.toContain(all[0]);
      expect(gone.filter((version) => served.includes(version))).toEqual([]);
      expect(all.length - gone.length).toBeGreaterThanOrEqual(Math.min(all.length, KEPT_VERSIONS));
    }),
  );
});
