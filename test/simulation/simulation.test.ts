/** The laws over some histories; `npm run simulate` plays more. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { history, play } from './history.ts';
import { breachesOf } from './laws.ts';

const HISTORIES = 40;

it('every law holds of every history', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (one) => {
      expect(breachesOf(await play(one))).toEqual([]);
    }),
    // The same ones each time: what breaks the build is a change of the build.
    { numRuns: HISTORIES, seed: 71 },
  );
}, 600_000);
