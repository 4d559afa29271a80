import { describe, expect, test } from '@jest/globals';
import { createWatchers } from '../../../gateway/platform/watchers.ts';

describe('who watches one thing', () => {
  test('hears of its changes and of no other’s, until they end it', () => {
    const { watch, tell } = createWatchers<string, number>();
    const heard: (number | undefined)[] = [];
    const end = watch('a', (change) => heard.push(change));
    tell('a', 1);
    tell('b', 2);
    end();
    end();
    tell('a', 3);
    expect(heard).toEqual([1]);
  });

  test('hears that something may have been missed', () => {
    const { watch, tellAll } = createWatchers<string, number>();
    const heard: (number | undefined)[] = [];
    for (const key of ['a', 'a', 'b']) watch(key, (change) => heard.push(change));
    tellAll();
    expect(heard).toEqual([undefined, undefined, undefined]);
  });

  test('may end it while being told, and keeps nobody else from hearing', () => {
    const { watch, tell } = createWatchers<string, number>();
    const heard: string[] = [];
    const ends: (() => void)[] = [];
    for (const name of ['first', 'second']) {
      const listener = () => {
        heard.push(name);
        for (const end of ends) end();
      };
      ends.push(watch('a', listener));
    }
    tell('a', 1);
    tell('a', 2);
    expect(heard).toEqual(['first', 'second']);
  });
});
