/** The version that a restore by hand writes, of what `tighten` answered. Pure. */
import type { Tightened } from '../../shared/checks/index.ts';
import { isPart } from '../../shared/guard/timeline/timeline.ts';
import { DEFINITIONS } from '../../shared/services/index.ts';
import { makeSnapshot } from '../../shared/targets/snapshot.ts';
import type { Snapshot } from '../../shared/targets/target.ts';
import { InputError } from '../input/inputError.ts';

/** What is to be written, and what to call it. */
export type Wanted = { readonly wanted: Snapshot; readonly what: string };

/**
 * Returns what is live with the documents of the answer in the place of its own. Throws `InputError` iff one of them is no
 * text that can be written: another target's, or a setting said as a document.
 */
export function versionWithout(
  {
    documents,
    isExisting,
  }: Pick<Extract<Tightened, { readonly result: 'tightened' }>, 'documents' | 'isExisting'>,
  { before, live }: { readonly before: Snapshot; readonly live: Snapshot },
): Wanted {
  const texts = new Map(documents.map(({ name, policy }) => [name, policy?.source]));
  const parts = live.parts.flatMap((part) => {
    if (!texts.has(part.id)) return [part];
    const document = texts.get(part.id);
    return document === undefined ? [] : [{ ...part, document }];
  });
  if (isExisting)
    return {
      wanted: { ...before, parts },
      what: 'the version before the change, which grants nothing that is not granted now',
    };
  const kept = new Map(parts.map(({ id, document }) => [id, document]));
  const unwritable = live.parts.find(({ id, document }) => {
    const text = DEFINITIONS[live.target.kind].parts.find((part) => isPart(part.id, { id }))?.text;
    if (text === 'own' || (kept.has(id) && kept.get(id) === document)) return false;
    // A part can be taken away by its name, but not a setting that only a version kept whole tells.
    return kept.has(id) || live.restoreHints !== undefined;
  });
  if (unwritable !== undefined)
    throw new InputError([
      {
        message: `\`${unwritable.id}\` of ${live.target.arn} cannot be written without what the change added; with --previous the version before the change is written`,
      },
    ]);
  // The number of a version, and what a kind keeps beside its texts, are those of the version before.
  const { target, exists } = live;
  return {
    wanted: makeSnapshot({ target, exists, parts }),
    what: 'what is there now, without what the change added',
  };
}
