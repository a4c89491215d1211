/**
 * States and findings of the first edition, read as what they mean now. What was accepted is where the timeline begins;
 * open findings keep their ids and both contents. A restore that was at work ended nobody knows how, and is planned anew.
 */
import { isObject } from '../policy/reporter.ts';

/** Returns the value in the present form; one that is of it already, or of none, comes back as it is. */
export function migrateState(value: unknown): unknown {
  if (!isObject(value) || value['schemaVersion'] !== 1) return value;
  const { target, observed, accepted, openFindings, closedFindings } = value;
  const known = [observed, accepted].find(isObject);
  return {
    schemaVersion: 2,
    target,
    timeline: { horizon: { kind: 'unknown' }, entries: [], writers: {}, foldedIds: [] },
    ...(known === undefined
      ? {}
      : { legacy: { snapshot: known['snapshotHash'], at: Date.parse(String(known['at'])) } }),
    openFindings: listOf(openFindings).map(migrateFinding),
    closedFindings: listOf(closedFindings).map(migrateFinding),
    restores: [],
    mode: { mode: 'observe', since: 0 },
    // One question that nobody asks any more: whatever stands is asked about once by each of today's.
    settings: [{ since: 0, hash: '', questions: {} }],
  };
}

/** Returns the finding in the present form. */
export function migrateFinding(value: unknown): unknown {
  if (!isObject(value) || value['schemaVersion'] !== 1) return value;
  const { versions, result, check, status, action, openedAt } = value;
  const next = {
    ...value,
    schemaVersion: 2,
    ...(isUnfinished(action) ? { action: { ...action, kind: 'waiting', why: OUTCOME_UNKNOWN } } : {}),
  };
  if (result === 'NOTICE' || !isObject(versions)) return next;
  const isOpen = status === 'ACTIVE' || status === 'SUPPRESSED';
  const { accepted, live } = versions;
  const told = pick(value, [
    'listName',
    'title',
    'message',
    'cause',
    'witness',
    'statements',
    'removedDenies',
    'notes',
    'decidedBy',
  ]);
  const addition = {
    check,
    result,
    possible: true,
    grade: value['severity'],
    sources: [],
    versions: { ...(accepted === undefined ? {} : { before: accepted }), after: live },
    now: isOpen ? (result === 'FAIL' ? 'granted' : 'unknown') : 'gone',
    ...told,
  };
  // A principal's content is known as a whole, but not which parts one step touched: nothing is written on that.
  const isWhole = isObject(value['target']) && value['target']['kind'] !== 'iam-principal';
  const step = {
    life: '',
    parts: isWhole ? ['document'] : [],
    at: openedAt,
    ...(isWhole ? {} : { isGuess: true }),
  };
  return { ...next, step, additions: [addition] };
}

const OUTCOME_UNKNOWN = 'a restore was running when the guard was upgraded; its outcome is unknown';

function isUnfinished(action: unknown): action is { readonly [name: string]: unknown } {
  return isObject(action) && ['planned', 'partial', 'waiting'].includes(String(action['kind']));
}

function pick(value: { readonly [name: string]: unknown }, names: readonly string[]) {
  return Object.fromEntries(
    names.flatMap((name) => (value[name] === undefined ? [] : [[name, value[name]]])),
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
