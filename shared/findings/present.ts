/** A finding's headline: the gravest of what its step added and still stands. Pure. */
import { type Addition, type Finding, type FindingChange, SEVERITIES, standingOf } from './finding.ts';

/** What a headline says. */
type Headline = Pick<
  Finding,
  | 'check'
  | 'listName'
  | 'result'
  | 'severity'
  | 'title'
  | 'message'
  | 'cause'
  | 'witness'
  | 'statements'
  | 'removedDenies'
  | 'notes'
  | 'decidedBy'
>;

/** Returns the finding told by the gravest addition that remains; by the gravest of all once none does. */
export function present(finding: Finding): Finding {
  const { listName: _list, cause: _cause, witness: _witness, decidedBy: _by, ...facts } = finding;
  const [first, ...others] = standingOf(finding).toSorted((a, b) => weigh(b) - weigh(a));
  return first === undefined ? finding : { ...facts, ...headlineOf(finding, first, others) };
}

function headlineOf(
  { holders, carriers = [] }: Finding,
  first: Addition,
  others: readonly Addition[],
): Headline {
  const { check, listName, result, title, message, cause, witness, statements, decidedBy } = first;
  const denies = [first, ...others].find(({ removedDenies }) => removedDenies.length > 0);
  const beside = others.map((other) =>
    other.result === 'FAIL'
      ? other.title
      : `not decided (${other.listName ?? other.check}): ${other.cause ?? ''}`,
  );
  const severity =
    [first, ...others].map(gradeNow).toSorted((a, b) => SEVERITIES.indexOf(b) - SEVERITIES.indexOf(a))[0] ??
    'INFO';
  return {
    check,
    ...(listName === undefined ? {} : { listName }),
    result,
    severity,
    title,
    message,
    ...(cause === undefined ? {} : { cause }),
    ...(witness === undefined ? {} : { witness }),
    statements,
    removedDenies: denies?.removedDenies ?? [],
    notes: [
      ...new Set([
        ...first.notes,
        ...(first.now === 'dormant' ? [DORMANT] : []),
        ...beside,
        ...carriers.map(nameCarrier),
        ...(holders ?? []),
      ]),
    ],
    ...(decidedBy === undefined ? {} : { decidedBy }),
  };
}

const DORMANT = 'not granted now: a Deny, a permissions boundary or another limit of the target stops it';

function nameCarrier({ actorArn, eventName, eventTime }: FindingChange): string {
  return `what grants it was written by \`${actorArn === '' ? 'somebody' : actorArn}\`, ${eventName} at ${eventTime}`;
}

/** What nobody can make use of now is no alarm; what wakes it is judged as a whole. */
function gradeNow({ grade, now, check }: Addition): Addition['grade'] {
  return now === 'dormant' || check === 'dormant-access' ? 'INFO' : grade;
}

/** Returns a number to sort by: how grave it is now. */
export function weigh(addition: Addition): number {
  return rank({ ...addition, grade: gradeNow(addition) });
}

const CHECK_RANK: { readonly [check in Addition['check']]: number } = {
  'no-public-access': 5,
  'access-not-granted': 4,
  'no-external-access': 3,
  'no-new-access': 2,
  document: 1,
  'dormant-access': 0,
};

/** A proof before a doubt, the graver first, the more telling question first. Returns a number to sort by. */
export function rank({
  result,
  grade,
  check,
  consequences = [],
}: Pick<Addition, 'result' | 'grade' | 'check' | 'consequences'>): number {
  // What somebody became says more than which list it is on.
  const telling = consequences.length > 0 ? 6 : CHECK_RANK[check];
  return (result === 'FAIL' ? 1_000 : 0) + SEVERITIES.indexOf(grade) * 10 + telling;
}
