/** The texts that would grant nothing new, for the places where the documents stand. */
import type { Engine } from '../../../shared/checks/index.ts';
import type { Region } from '../../output/checkResult.ts';
import type { Side } from './side.ts';

/** A text in place of a document. */
export type Suggestion = {
  /** The document's part: `inline:NAME`, `document`. */
  readonly part: string;
  /** The whole document as JSON; undefined where the document should go. */
  readonly text: string | undefined;
  /** What changes, in words. */
  readonly changes: readonly string[];
  /** True iff access that was granted before and is now would be lost, as far as is known. */
  readonly losesOld: boolean;
  /** Where the document stands word by word, so that the text can take its place; absent where the file computes it. */
  readonly region?: Region;
};

/** Returns the tightened documents; none where there is none that is proved, or where something is not known. */
export async function suggest(before: Side, after: Side, engine: Engine): Promise<Suggestion[]> {
  const isKnown = [before, after].every(
    ({ unread, statements }) =>
      unread.length === 0 && statements.every(({ certain }) => certain !== undefined),
  );
  if (!isKnown) return [];
  const tightened = await engine.tighten({ existing: before.documents, updated: after.documents });
  if (tightened.result === 'declined') return [];
  return tightened.documents.map(({ name, policy, changes }): Suggestion => {
    const document = after.documents.find((each) => each.name === name)?.part.document;
    const isPlaced = document?.isLiteral === true && document.region !== undefined && policy !== undefined;
    return {
      part: name,
      text: policy?.source,
      changes: changes.map(
        ({ description, statementIndex }) => `statement ${statementIndex}: ${description}`,
      ),
      losesOld: tightened.losesOld,
      ...(isPlaced && document.region !== undefined ? { region: document.region } : {}),
    };
  });
}
