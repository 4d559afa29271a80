import { expect, test } from '@jest/globals';
import { createPairMemory } from '../../../gateway/platform/pairMemory.ts';

test('a pair memory gives back what was set for both texts, and nothing else', () => {
  const memory = createPairMemory<string, string, number>(10);
  memory.set('a', 'x', 1);
  memory.set('b', 'x', 2);
  expect([memory.get('a', 'x'), memory.get('b', 'x')]).toEqual([1, 2]);
  expect([memory.get('a', 'y'), memory.get('c', 'x')]).toEqual([undefined, undefined]);
});

test('a pair memory keeps what is asked for, and never more than its bound', () => {
  const memory = createPairMemory<string, string, number>(10);
  memory.set('a', 'asked for', 0);
  memory.set('a', 'left alone', 0);
  for (let number = 1; number <= 40; number += 1) {
    memory.set('a', `${number}`, number);
    expect(memory.get('a', 'asked for')).toBe(0);
  }
  expect(memory.get('a', 'left alone')).toBeUndefined();
  const kept = Array.from({ length: 40 }, (_, at) => memory.get('a', `${at + 1}`)).filter(
    (value) => value !== undefined,
  );
  expect(kept.length).toBeLessThanOrEqual(10);
});
