/** The version that a restore by hand writes: what the guard itself would propose, proved in the same way. */
import { type Addition, type Finding, isOpen, standingOf } from '../../shared/findings/finding.ts';
import { toRead } from '../../shared/guard/contents.ts';
import { needOfRestore } from '../../shared/guard/derive/needs.ts';
import { budgetOf } from '../../shared/guard/judge/budget.ts';
import { judgeRemains } from '../../shared/guard/judge/judgeRemains.ts';
import { type Answering, judging } from '../../shared/guard/judge/judging.ts';
import { proposeRestore } from '../../shared/guard/restore/proposeRestore.ts';
import { isPart } from '../../shared/guard/timeline/timeline.ts';
import { DEFINITIONS } from '../../shared/services/index.ts';
import { sha256 } from '../../shared/store/objectKey.ts';
import { rememberDocuments } from '../../shared/store/rememberDocuments.ts';
import { findStoredSnapshot, loadSnapshot } from '../../shared/store/snapshotDocument.ts';
import { absentSnapshot, makeSnapshot, partDocument } from '../../shared/targets/snapshot.ts';
import type { Snapshot } from '../../shared/targets/target.ts';
import { InputError } from '../input/inputError.ts';

/** What is to be written, and what to call it. */
export type Wanted = { readonly wanted: Snapshot; readonly what: string };

/** The step that a restore by hand takes back. */
type Told = {
  readonly additions: readonly Addition[];
  /** Hashes of the documents that hold both versions. */
  readonly versions: { readonly before?: string | undefined; readonly after?: string | undefined };
  readonly parts: readonly string[];
};

const PREVIOUS = 'with --previous the version before the change is written';

/** Returns the step of the finding; where it tells of many steps, the one that its title is about. */
export function stepOf(finding: Finding): Told {
  const { additions = [], versions, step, title } = finding;
  const gravest = standingOf(finding).find((one) => one.title === title);
  if (step?.life !== '' || gravest === undefined)
    return {
      additions,
      versions: { before: versions?.accepted, after: versions?.live },
      parts: step?.parts ?? [],
    };
  const { before, after } = gravest.versions;
  const isOfIt = (one: Addition) => one.versions.before === before && one.versions.after === after;
  return { additions: additions.filter(isOfIt), versions: gravest.versions, parts: [] };
}

type Contents = { readonly before: Snapshot; readonly after: Snapshot; readonly live: Snapshot };

/**
 * Returns what is live without what the change added. Throws `InputError` iff nothing of that is left, or no such version
 * is proved. Nothing is kept in the store.
 */
export async function versionWithout(
  finding: Finding,
  { before, after, live }: Contents,
  dependencies: Omit<Answering, 'target' | 'budget'>,
): Promise<Wanted> {
  const { target } = finding;
  const store = rememberDocuments({ ...dependencies.store, putDocument: async (text) => sha256(text) });
  const answering: Answering = { ...dependencies, store, target, budget: budgetOf() };
  const told = stepOf(finding);
  const additions: Addition[] = [];
  for (const addition of told.additions) {
    const [was, then] = await Promise.all(
      [addition.versions.before, addition.versions.after].map((hash) =>
        hash === undefined ? absentSnapshot(target) : findStoredSnapshot(store, hash),
      ),
    );
    if (was === undefined || then === undefined) continue;
    const now = await judgeRemains({ addition, before: was, after: then, live }, judging(answering));
    if (now !== 'gone') additions.push({ ...addition, now });
  }
  if (additions.length === 0) throw refused(finding, 'nothing that the change added is still granted');
  const ids = [...before.parts, ...after.parts].map(({ id }) => id);
  const changed = ids.filter((id) => partDocument(before, id) !== partDocument(after, id));
  const parts = [...new Set([...told.parts, ...changed])].sort();
  const removal = { parts, additions, woken: [], stood: [] };
  const asked = { free: parts, left: [], spared: [], later: [], mayLoseOld: true, mayRestorePrevious: false };
  const need = needOfRestore({ live: await toRead(live, 0, store), removals: [removal], ...asked }, '');
  const verdict = await proposeRestore(need, answering);
  if (verdict.kind === 'none') throw refused(finding, verdict.why);
  const wanted = await loadSnapshot(store, verdict.snapshot);
  const loses = verdict.losesOld
    ? '; that also removes access that was granted before the change or that others added since'
    : '';
  if (wanted.contentHash === before.contentHash)
    return {
      wanted: before,
      what: `the version before the change, which grants nothing that is not granted now${loses}`,
    };
  return {
    wanted: asText(wanted, live),
    what: `what is there now, without what the change added${loses}`,
  };
}

function refused(finding: Finding, why: string): InputError {
  const { id, status } = finding;
  const closed = isOpen(finding) ? '' : `the finding is ${status}; `;
  return new InputError([{ message: `\`${id}\`: ${closed}${why}; ${PREVIOUS}` }]);
}

/** The version as texts alone. Throws iff one of them is none that can be written: another target's, or a setting said as a document. */
function asText({ target, exists, parts }: Snapshot, live: Snapshot): Snapshot {
  const kept = new Map(parts.map(({ id, document }) => [id, document]));
  const { parts: facts, isWrittenAsRead = false } = DEFINITIONS[live.target.kind];
  const unwritable = live.parts.find(({ id, document }) => {
    const text = facts.find((part) => isPart(part.id, { id }))?.text;
    if (text === 'own' || (kept.has(id) && kept.get(id) === document)) return false;
    // A part can be taken away by its name, but not a setting that only a version kept whole tells.
    return kept.has(id) || isWrittenAsRead;
  });
  if (unwritable !== undefined)
    throw new InputError([
      {
        message: `\`${unwritable.id}\` of ${target.arn} cannot be written without what the change added; ${PREVIOUS}`,
      },
    ]);
  // The number of a version, and what a kind keeps beside its texts, are those of the version before.
  return makeSnapshot({ target, exists, parts });
}
