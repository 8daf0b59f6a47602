import fc from 'fast-check';
import { type ParameterMatcher, parameterPattern } from '../../../constructs/gate/parameter-pattern';

const matches = (matcher: ParameterMatcher, name: string): boolean =>
  typeof matcher === 'string' ? matcher === name : name.startsWith(matcher.prefix);

test('few names are matched exactly, each once', () => {
  expect(parameterPattern(['/a/b', '/a/c', '/a/b'])).toEqual(['/a/b', '/a/c']);
});

test('a hundred names are matched by their folders', () => {
  const names = Array.from({ length: 100 }, (_, i) => `/deployment-pipeline/shop/readiness/criterion-${i}`);
  expect(parameterPattern(names)).toEqual([{ prefix: '/deployment-pipeline/shop/readiness/' }]);
});

test('a pattern matches all its names, and stays short', () => {
  const part = fc.stringMatching(/^[a-zA-Z0-9_.-]{1,60}$/);
  const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 100 }), (names) => {
      const pattern = parameterPattern(names);
      expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(1_500);
      for (const each of names) expect(pattern.some((matcher) => matches(matcher, each))).toBe(true);
    }),
  );
});
