/** What a person may have meant by a word that is none of those that can be. */
import { distance } from 'fastest-levenshtein';

/** Words this far apart, as a share of the longer one, are not taken for each other. */
const FAR = 0.4;

/** Returns the choice that the word begins or nearly is, in any case; undefined when none is near. */
export function meant(word: string, choices: readonly string[]): string | undefined {
  const said = word.toLowerCase();
  const near = choices
    .map((choice) => ({ choice, far: distanceTo(said, choice.toLowerCase()) }))
    .filter(({ far }) => far < FAR)
    .sort((a, b) => a.far - b.far);
  return near[0]?.choice;
}

function distanceTo(said: string, choice: string): number {
  if (said.length >= 2 && choice.startsWith(said)) return 0;
  return distance(said, choice) / Math.max(said.length, choice.length);
}
