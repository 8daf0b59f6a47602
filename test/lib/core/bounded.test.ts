import { bounded } from '../../../lib/core/bounded';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('results are in the order of the items, whichever ends first', async () => {
  const work = async (ms: number): Promise<string> => {
    await pause(ms);
    return `${ms}`;
  };
  expect(await bounded([9, 1, 5], 3, work)).toEqual(['9', '1', '5']);
});

test('the items begin in their order, never more than the limit at once', async () => {
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  await bounded([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    begun.push(item);
    most = Math.max(most, ++running);
    await pause(2);
    running--;
  });
  expect(most).toBe(3);
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('after an error no item begins, and all running work has ended', async () => {
  const ended: number[] = [];
  const work = async (item: number): Promise<void> => {
    if (item === 2) throw new Error('two');
    await pause(5);
    ended.push(item);
  };
  await expect(bounded([1, 2, 3, 4], 2, work)).rejects.toThrow('two');
  expect(ended).toEqual([1]);
});

test('the first of several errors is thrown', async () => {
  const fail = async (ms: number): Promise<void> => {
    await pause(ms);
    throw new Error(`${ms}`);
  };
  await expect(bounded([8, 2], 2, fail)).rejects.toThrow('2');
});

test('an empty list gives an empty result', async () => {
  expect(await bounded([], 5, async () => 1)).toEqual([]);
});
