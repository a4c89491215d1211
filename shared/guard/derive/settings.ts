/** The settings that verdicts and findings depend on, question by question. Pure. */
import type { Addition, Finding, FindingStatement } from '../../findings/finding.ts';
import { present } from '../../findings/present.ts';
import { sha256 } from '../../store/objectKey.ts';
import type { Config } from '../config.ts';
import type { Settings } from '../state.ts';
import type { Ms } from '../timeline/timeline.ts';
import type { AnswerTo } from './needs.ts';
import { timeOf } from './restoreNeed.ts';

/** Settings that are remembered. */
const MAX_SETTINGS = 5;

/** Returns what the configuration says now. */
export function settingsOf(
  {
    criticalAccess,
    zoneOfTrust,
    groupingMinutes,
  }: Pick<Config, 'criticalAccess' | 'zoneOfTrust' | 'groupingMinutes'>,
  since: Ms,
): Settings {
  const questions = {
    'no-public-access': '',
    'no-external-access': hashOf(zoneOfTrust),
    ...Object.fromEntries(
      criticalAccess.map((list) => [
        questionOf({ check: 'access-not-granted', listName: list.name }),
        hashOf(list),
      ]),
    ),
  };
  return { since, hash: hashOf(questions), questions, groupingMs: groupingMinutes * 60_000 };
}

/** Returns the settings with what holds now at the end. */
export function withSettings(settings: readonly Settings[], current: Settings): readonly Settings[] {
  const last = settings.at(-1);
  return last?.hash === current.hash && last.groupingMs === current.groupingMs
    ? settings
    : [...settings, current].slice(-MAX_SETTINGS);
}

/** Returns what held at that time, as far as it is remembered. */
export function settingsAt(settings: readonly Settings[], at: Ms, current: Settings): Settings {
  return settings.findLast(({ since }) => since <= at) ?? settings[0] ?? current;
}

/** Returns true iff the addition's question was asked otherwise before, or not at all. */
export function isAskedAnew(
  addition: Pick<Addition, 'check' | 'listName'>,
  before: Settings,
  current: Settings,
): boolean {
  const question = questionOf(addition);
  return before.questions[question] !== current.questions[question];
}

type Asking = {
  readonly before: Settings;
  readonly current: Settings;
  readonly open: readonly Finding[];
  readonly remains: (addition: Addition) => AnswerTo['remains'] | undefined;
};

/** Returns, of what a changed setting asks anew, what open findings do not tell. */
export function askedAnew(drafts: readonly Finding[], asking: Asking): readonly Finding[] {
  const { before, current } = asking;
  return drafts.flatMap((draft) => {
    const additions =
      draft.additions?.filter((one) => isAskedAnew(one, before, current) && !isTold(one, asking)) ?? [];
    return additions.length === 0 ? [] : [present({ ...draft, additions })];
  });
}

/**
 * True iff what open findings tell of the same question is all of it, and names each statement that it is about now: they
 * name those of the question as it was asked then. Whatever is granted now came in one of the spans
 * from nothing to what stands: those that they tell, and those between, in which nothing may have come that still stands.
 */
function isTold(one: Addition, { open, remains }: Pick<Asking, 'open' | 'remains'>): boolean {
  const told = open
    .filter(({ step }) => step !== undefined)
    .toSorted((a, b) => timeOf(a) - timeOf(b))
    .flatMap(({ additions = [] }) => additions)
    .filter(
      ({ check, listName, result }) =>
        check === one.check && listName === one.listName && (result === 'FAIL' || one.result === 'UNKNOWN'),
    );
  const named = told.flatMap(({ left, statements }) => left?.statements ?? statements);
  if (!one.statements.every((statement) => named.some((other) => isSameStatement(statement, other))))
    return false;
  const spans = told.map(({ versions }) => versions);
  const ends = [...spans.map(({ before }) => before), one.versions.after];
  return (
    spans.length > 0 &&
    ends.every((after, index) => {
      const before = spans[index - 1]?.after;
      if (after === undefined || after === before) return true;
      return remains({ ...one, versions: { ...(before === undefined ? {} : { before }), after } }) === 'gone';
    })
  );
}

/** By its id, its place or its words: it may have been changed, or moved, since it was told. */
function isSameStatement(one: FindingStatement, other: FindingStatement): boolean {
  if (one.document !== other.document) return false;
  if (one.statementId !== undefined && one.statementId === other.statementId) return true;
  const wordsOf = ({ lines }: FindingStatement) => lines.map(({ text }) => text).join('\n');
  return (
    one.statementIndex === other.statementIndex || (one.lines.length > 0 && wordsOf(one) === wordsOf(other))
  );
}

function questionOf({ check, listName }: Pick<Addition, 'check' | 'listName'>): string {
  return listName === undefined ? check : `${check} ${listName}`;
}

function hashOf(value: unknown): string {
  return sha256(JSON.stringify(value)).slice(0, 16);
}
