import { errorText, isNamed } from '../../../lib/core/error-text';

test('an error is its name and its message, on one line', () => {
  expect(errorText(new RangeError('too\n  far'))).toBe('RangeError: too far');
});

test('a long one is cut', () => {
  const text = errorText(new Error('x'.repeat(1_000)));
  expect(text).toHaveLength(300);
  expect(text.endsWith('…')).toBe(true);
});

test('a thrown value that is no error is shown, too', () => {
  expect(errorText('no')).toBe('no');
  expect(errorText(undefined)).toBe('undefined');
});

test('errors of AWS are distinguished by name', () => {
  const error = Object.assign(new Error('no'), { name: 'ResourceNotFoundException' });
  expect(isNamed(error, 'Other', 'ResourceNotFoundException')).toBe(true);
  expect(isNamed(error, 'Other')).toBe(false);
  expect(isNamed({ name: 'Other' }, 'Other')).toBe(false);
});
