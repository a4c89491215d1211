import { describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/guard/config.ts';
import type { Guard } from '../../../shared/guard/contract.ts';
import { followConfig } from '../../../shared/runtime/followConfig.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';

/** A guard that answers with what it was made under. */
const guardUnder = (made: string[]) => (config: Config) => {
  made.push(config.interruptFrom);
  const publishHeld = async () => config.groupingMinutes;
  return { publishHeld } as unknown as Guard; // Nothing else of it is called.
};

describe('followConfig', () => {
  it('keeps its guard while the configuration is the same, and makes another for another', async () => {
    const made: string[] = [];
    let config: Config = { ...defaultConfig(), groupingMinutes: 1 };
    const guard = followConfig(async () => config, guardUnder(made));

    expect([await guard.publishHeld(), await guard.publishHeld()]).toEqual([1, 1]);
    config = { ...config, interruptFrom: 'LOW', groupingMinutes: 2 };

    expect(await guard.publishHeld()).toBe(2);
    expect(made).toEqual(['HIGH', 'LOW']);
  });

  it('does nothing without a configuration', async () => {
    const made: string[] = [];
    const guard = followConfig(() => Promise.reject(new Error('there is none')), guardUnder(made));

    await expect(guard.publishHeld()).rejects.toThrow('there is none');
    expect(made).toEqual([]);
  });
});
