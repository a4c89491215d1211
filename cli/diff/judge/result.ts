/** The one answer to all that was asked of a facet. */
import type { Judged } from './judgeEntity.ts';

export type Result = 'FAIL' | 'UNKNOWN' | 'PASS';
/** The worst is the least. */
export const RESULTS: { readonly [result in Result]: number } = { FAIL: 0, UNKNOWN: 1, PASS: 2 };

/** Returns the worst of the answers; PASS where nothing was asked. */
export function resultOf({ answers }: Judged): Result {
  const [worst = 'PASS'] = answers
    .map(({ verdict }) => verdict.result)
    .sort((a, b) => RESULTS[a] - RESULTS[b]);
  return worst;
}
