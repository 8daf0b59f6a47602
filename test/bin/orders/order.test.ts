import { parseOrder, sameOrder } from '../../../bin/orders/order';
import { anOrder } from './fakes';

const line = { sku: 'TEA-1', quantity: 2 };

describe('parseOrder', () => {
  test('takes a valid order and drops unknown fields', () => {
    expect(parseOrder({ customer: 'c-1', lines: [{ ...line, price: 0 }], status: 'ACCEPTED' })).toEqual({
      order: { customer: 'c-1', lines: [line] },
    });
  });

  test.each([undefined, null, 'order', 1, []])('refuses the body %p', (body) => {
    expect(parseOrder(body)).toEqual({ problems: ['the body must be a JSON object'] });
  });

  test('reports all problems at once', () => {
    const lines = [line, { sku: 'tea', quantity: 0 }, 'TEA-1'];
    expect(parseOrder({ customer: '', lines }).problems).toEqual([
      'customer must be 1 to 64 letters, digits and dashes',
      'lines[1].sku must be 1 to 32 capitals, digits and dashes',
      'lines[1].quantity must be a whole number from 1 to 1000',
      'lines[2].sku must be 1 to 32 capitals, digits and dashes',
      'lines[2].quantity must be a whole number from 1 to 1000',
    ]);
  });

  test.each([
    ['no lines', []],
    ['more than 100 lines', Array(101).fill(line)],
    ['lines that are no list', 'TEA-1'],
  ])('refuses %s', (_, lines) => {
    expect(parseOrder({ customer: 'c-1', lines }).problems).toEqual(['lines must be a list of 1 to 100 lines']);
  });

  test.each([0, -1, 1.5, 1001, '2', Number.NaN])('refuses the quantity %p', (quantity) => {
    expect(parseOrder({ customer: 'c-1', lines: [{ sku: 'TEA-1', quantity }] }).order).toBeUndefined();
  });

  test('takes the largest order that is allowed', () => {
    const lines = Array(100).fill({ sku: 'T'.repeat(32), quantity: 1000 });
    expect(parseOrder({ customer: 'c'.repeat(64), lines }).order?.lines).toHaveLength(100);
  });
});

describe('sameOrder', () => {
  test('compares customer and lines, not the progress of an order', () => {
    expect(sameOrder(anOrder(), anOrder({ id: 'another-1', status: 'ACCEPTED' }))).toBe(true);
  });

  test.each([
    ['customer', { customer: 'c-2' }],
    ['quantity', { lines: [{ sku: 'TEA-1', quantity: 3 }] }],
    ['sku', { lines: [{ sku: 'TEA-2', quantity: 2 }] }],
    ['further line', { lines: [line, line] }],
  ])('sees another %s', (_, change) => {
    expect(sameOrder(anOrder(), anOrder(change))).toBe(false);
  });
});
