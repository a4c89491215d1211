/**
 * Case folding, the same for parser, evaluator, encoder and solvers. A policy may hold U+0020 to U+00FF only, so
 * only those characters fold, and only where upper and lower case are single characters of that range.
 */

const LAST_FOLDED = 0xff;

/** Returns the lower case of a character (code point) up to U+00FF whose lower case is one such character; others unchanged. */
export function foldChar(char: number): number {
  return LOWER[char] ?? char;
}

const LOWER: readonly number[] = Array.from({ length: LAST_FOLDED + 1 }, (_, char) => {
  const lower = String.fromCodePoint(char).toLowerCase();
  const point = lower.codePointAt(0) ?? char;
  return lower.length === 1 && point <= LAST_FOLDED ? point : char;
});

/** For each lower-case character that has an upper case: all characters that fold to it, lower case first. */
export const CASE_VARIANTS: ReadonlyMap<number, readonly number[]> = new Map(
  LOWER.flatMap((lower, char) => (lower === char ? [] : [[lower, [lower, char]] as const])),
);
