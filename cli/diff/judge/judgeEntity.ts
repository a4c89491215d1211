/** One entity before and after, in every world → what the change grants it. */
import type { NewAccess, NewAccessPiece } from '../../../shared/checks/index.ts';
import type { Verdict } from '../../../shared/checks/verdict.ts';
import type { Grade } from '../../../shared/consequences/grade.ts';
import { parseArn } from '../../../shared/policy/arn.ts';
import { ACCOUNT_ID } from '../../../shared/policy/identifiers.ts';
import type { CheckName, Region } from '../../output/checkResult.ts';
import type { Alternative, EntityState } from '../entities.ts';
import { FACETS, type Facet, type FacetName } from '../facets.ts';
import type { EntityPair } from '../pair.ts';
import type { Part } from '../state.ts';
import { symbolNames } from '../symbols.ts';
import { describeWorld, joinWorlds, type World } from '../worlds.ts';
import { gradeOfList, type Meaning, meaningOf } from './grade.ts';
import { askLists, type Lists } from './lists.ts';
import { newAccess, unknown } from './newAccess.ts';
import { hasDeny, NO_SIDE, type Side, sideOf } from './side.ts';
import { type Case, type Standing, standingOf } from './standing.ts';
import { type Suggestion, suggest } from './suggest.ts';

/** One question's answer, with its places in the file. */
export type Answer = {
  readonly check: CheckName;
  readonly listName?: string;
  readonly verdict: Verdict;
  /** Undefined unless FAIL. */
  readonly severity: Grade | undefined;
  /** "with `Env` = `prod`", where not every world answers so. */
  readonly worlds: string;
  /** One a reason, in their order; for other answers the place of what could not be read. */
  readonly regions: readonly (Region | undefined)[];
  /** The documents that the reasons speak of. */
  readonly side: Side;
};

/** What a change does to one facet of an entity. */
export type Judged = {
  readonly file: string;
  /** A logical id, an address; empty where the file is the policy. */
  readonly subject: string;
  /** The file whose values it has, or that makes its stack. Absent: what its own file says by itself. */
  readonly deployedBy?: string;
  /** `role`, `bucket`, … */
  readonly type: string;
  readonly facet: FacetName;
  /** True iff neither state makes or names it: whose policies these are, only a parameter tells. */
  readonly isOpen: boolean;
  readonly change: 'changed' | 'new' | 'removed';
  readonly region: Region | undefined;
  readonly answers: readonly Answer[];
  /** What became possible, piece by piece; for a new entity what it may do. */
  readonly pieces: readonly NewAccessPiece[];
  /** "can become an administrator: …": what the new access means, the most serious first. */
  readonly means: readonly string[];
  /** What would grant nothing new; only where every world says the same. */
  readonly suggestions: readonly Suggestion[];
};

type WorldCase = Case & { readonly world: World };

/** Returns the facets that changed, each with its answers; those that nobody wants to know are left out. */
export async function judgeEntity(
  pair: EntityPair,
  lists: Lists,
  isWanted: (facet: FacetName, shown: Pick<Judged, 'file' | 'subject' | 'type'>) => boolean = () => true,
): Promise<Judged[]> {
  const cases = casesOf(pair);
  const facets = new Set(
    cases.flatMap(({ before, after }) => [...(before?.facets.keys() ?? []), ...(after?.facets.keys() ?? [])]),
  );
  const judged: Judged[] = [];
  const { file = '', label: subject = '', type = '' } = pair.after ?? pair.before ?? {};
  for (const facet of facets) {
    if (!isWanted(facet, { file, subject, type })) continue;
    const one = await judgeFacet(facet, cases, pair, lists);
    if (one !== undefined) judged.push(one);
  }
  return judged;
}

/** Both sides in each world that they agree on. */
function casesOf({ before, after }: EntityPair): WorldCase[] {
  if (before === undefined)
    return (after?.alternatives ?? []).map((each) => ({ world: each.world, before: undefined, after: each }));
  if (after === undefined)
    return before.alternatives.map((each) => ({ world: each.world, before: each, after: undefined }));
  return after.alternatives.flatMap((now) =>
    before.alternatives.flatMap((old) => {
      const world = joinWorlds(old.world, now.world);
      return world === undefined ? [] : [{ world, before: old, after: now }];
    }),
  );
}

async function judgeFacet(
  name: FacetName,
  cases: readonly WorldCase[],
  pair: EntityPair,
  lists: Lists,
): Promise<Judged | undefined> {
  const facet: Facet = FACETS[name];
  const distinct = new Map<
    string,
    { readonly one: WorldCase; readonly standing: Standing; readonly worlds: World[] }
  >();
  let count = 0;
  for (const one of cases) {
    if (one.before?.exists !== true && one.after?.exists !== true) continue;
    count += 1;
    const standing = standingOf(name, one, pair);
    const [old, now] = [keyOf(standing.old), keyOf(standing.now)];
    const isMade = one.after?.exists === true && one.before?.exists !== true;
    const isGone = one.before?.exists === true && one.after?.exists !== true;
    if (facet.isQuietWhenNew === true && (isMade || isGone)) continue;
    if (facet.isByReference === true && (isGone || referred(standing.old) === referred(standing.now)))
      continue;
    if (old === now && !((isMade || isGone) && old !== '[]')) continue;
    const key = JSON.stringify([old, now, isMade, isGone]);
    const known = distinct.get(key);
    if (known === undefined) distinct.set(key, { one, standing, worlds: [one.world] });
    else known.worlds.push(one.world);
  }
  const { before, after } = pair;
  const shown = after ?? before;
  if (shown === undefined) return undefined;
  const isCut = (before?.isCut === true || after?.isCut === true) && before?.text !== after?.text;
  if (distinct.size === 0 && !isCut) return undefined;
  const isQuiet = facet.isQuietWhenNew === true || facet.isByReference === true;
  if (distinct.size === 0) return isQuiet && before === undefined ? undefined : undecided(name, shown);
  const answered: CaseAnswers[] = [];
  for (const { one, standing, worlds } of distinct.values())
    answered.push({ worlds, ...(await judgeCase({ name, facet, standing, pair }, one, lists)) });
  const answers = gather(answered, count, isCut);
  const failing = answered.find(({ answers: list }) => list.some(({ verdict }) => verdict.result === 'FAIL'));
  const meaning = answered.reduce<Meaning>(
    (found, each) =>
      each.meaning.says.length > found.says.length || found === NO_MEANING ? each.meaning : found,
    NO_MEANING,
  );
  const isNew = answered.every(({ change }) => change === 'new');
  if (isNew && facet.isByReference === true && failing === undefined) return undefined;
  const isRemoved = answered.every(({ change }) => change === 'removed');
  return {
    file: shown.file,
    subject: labelOf(shown),
    type: shown.type,
    facet: name,
    isOpen: isOpen(before) && isOpen(after),
    change: isNew ? 'new' : isRemoved ? 'removed' : 'changed',
    region: shown.region,
    answers: answers.map((answer) => ({
      ...answer,
      severity: answer.verdict.result === 'FAIL' ? (gradeOfList(answer.check) ?? meaning.grade) : undefined,
    })),
    pieces: (failing ?? answered[0])?.pieces ?? [],
    means: meaning.says,
    suggestions: distinct.size === 1 ? (answered[0]?.suggestions ?? []) : [],
  };
}

/** More worlds than were looked at, and none of those that were shows a change. */
function undecided(facet: FacetName, shown: EntityState): Judged {
  const { file, type, region } = shown;
  const answer = {
    check: 'check-no-new-access',
    verdict: unknown(MANY_WORLDS),
    severity: undefined,
    worlds: '',
    regions: [],
    side: NO_SIDE,
  } as const;
  return {
    file,
    subject: labelOf(shown),
    type,
    facet,
    isOpen: isOpen(shown),
    change: 'changed',
    region,
    answers: [answer],
    pieces: [],
    means: [],
    suggestions: [],
  };
}

const MANY_WORLDS = 'parameters and conditions combine in more ways than are looked at';

const isOpen = (entity: EntityState | undefined) =>
  entity === undefined ||
  (entity.ids.every((id) => symbolNames(id).length > 0 || id.includes('#')) &&
    entity.alternatives.every(({ isDefined }) => !isDefined));

const labelOf = ({ label }: EntityState) => label;

/** Equal for parts that say the same, whatever they are called. */
function keyOf(parts: readonly Part[]): string {
  const texts = parts.map(({ role, document }) =>
    JSON.stringify([role, document.unread?.key, document.version, document.statements.map(({ key }) => key)]),
  );
  return JSON.stringify(texts.sort());
}

/** What the parts are taken from, without what stands there. */
const referred = (parts: readonly Part[]) =>
  JSON.stringify(
    [
      ...new Set(parts.map(({ id }) => id.replace(/\/(inline|attached|document|boundary|group).*$/s, ''))),
    ].sort(),
  );

const NO_MEANING: Meaning = { grade: 'LOW', says: [] };

type CaseAnswers = {
  readonly worlds: readonly World[];
  readonly answers: readonly Omit<Answer, 'worlds' | 'severity'>[];
  readonly change: Judged['change'];
  readonly pieces: readonly NewAccessPiece[];
  readonly meaning: Meaning;
  readonly suggestions: readonly Suggestion[];
};

type FacetCase = {
  readonly name: FacetName;
  readonly facet: Facet;
  readonly standing: Standing;
  readonly pair: EntityPair;
};

/** Returns the account of the first ARN among the names of the entity; undefined iff none of them has one. */
function ownAccount({ before, after }: EntityPair): string | undefined {
  return [...(after?.ids ?? []), ...(before?.ids ?? [])]
    .filter((id) => id.startsWith('arn:'))
    .map((arn) => parseArn(arn).accountId)
    .find((account) => ACCOUNT_ID.test(account));
}

async function judgeCase(
  { name, facet, standing, pair }: FacetCase,
  { before, after }: Case,
  lists: Lists,
): Promise<Omit<CaseAnswers, 'worlds'>> {
  const existed = before?.exists === true || after?.isDefined !== true;
  const owner = { kind: facet.kind, accountId: ownAccount(pair) ?? lists.accountId };
  const old = sideOf(standing.old, owner);
  const side = sideOf(standing.now, owner);
  const isGone = before?.isDefined === true && after?.exists !== true;
  if (isGone)
    return { answers: gone(name, old), change: 'removed', pieces: [], meaning: NO_MEANING, suggestions: [] };
  const answers: Omit<Answer, 'worlds' | 'severity'>[] = [];
  let newAccessOf: NewAccess = { pieces: [], cut: false };
  let meaning: Meaning = NO_MEANING;
  let suggestions: readonly Suggestion[] = [];
  if (existed) {
    const isPartial = isPartlyKnown(before, after, old, side, pair);
    const question = { before: old, after: side, facet, isPartial };
    const judged = await newAccess(question, lists.engine);
    const isBare = facet.withoutIt !== undefined && standing.old.length > 0 && standing.now.length === 0;
    const verdict = isBare && judged.result === 'PASS' ? unknown(facet.withoutIt) : judged;
    answers.push({ check: 'check-no-new-access', verdict, regions: placesOf(verdict, side, old), side });
    if (verdict.result === 'FAIL') {
      newAccessOf = await lists.engine.listNewAccess(old.set, side.set);
      const step = { before: old, after: side, facet, newAccess: newAccessOf, verdict };
      meaning = await meaningOf(step, lists.engine);
      suggestions = await suggest(old, side, lists.engine);
    }
  } else if (side.unread.length > 0) {
    const [first] = side.unread;
    const verdict = unknown(first?.why ?? 'it cannot be read');
    answers.push({
      check: 'check-no-new-access',
      verdict,
      regions: side.unread.map(({ region }) => region),
      side,
    });
  }
  const listed = standing.listed === undefined ? old : sideOf(standing.listed, owner);
  const asked = await askLists({ before: existed ? listed : undefined, after: side, facet }, lists);
  for (const { verdict, ...rest } of asked)
    answers.push({ ...rest, verdict, regions: placesOf(verdict, side, old), side });
  if (!existed) newAccessOf = await lists.engine.listNewAccess(NO_SIDE.set, side.set);
  const { pieces } = newAccessOf;
  return { answers, change: existed ? 'changed' : 'new', pieces, meaning, suggestions };
}

/** A holder that the state makes is known whole, unless something of it is kept elsewhere. */
function isPartlyKnown(
  before: Alternative | undefined,
  after: Alternative | undefined,
  old: Side,
  now: Side,
  { after: entity }: EntityPair,
): boolean {
  const isMade = before?.isDefined === true && after?.isDefined === true;
  return (
    !isMade ||
    old.unread.length + now.unread.length > 0 ||
    !/^(role|user|permission-set)$/.test(entity?.type ?? '')
  );
}

function gone(name: FacetName, old: Side): Omit<Answer, 'worlds' | 'severity'>[] {
  const mayDeny =
    hasDeny(old) ||
    old.unread.some(({ allowsOnly }) => !allowsOnly) ||
    old.statements.some(({ effect }) => effect === undefined);
  const isShared =
    name === 'managed-policy' ||
    name === 'identity-document' ||
    name === 'control-policy' ||
    name === 'resource-control-policy' ||
    name === 'document';
  const verdict: Verdict =
    isShared && mayDeny
      ? unknown('the policy is gone, and it denied access that something else may grant')
      : {
          result: 'PASS',
          message: 'The policy is gone; it grants nothing.',
          reasons: [],
          decidedBy: 'atoms',
        };
  return [{ check: 'check-no-new-access', verdict, regions: [], side: NO_SIDE }];
}

function placesOf(verdict: Verdict, side: Side, old: Side): (Region | undefined)[] {
  if (verdict.result === 'UNKNOWN') {
    const unread = [...side.unread, ...old.unread].map(({ region }) => region);
    return unread.length > 0
      ? unread
      : side.statements.filter(({ upper }) => upper !== undefined).map(({ region }) => region);
  }
  return verdict.reasons.map(({ document, statementIndex }) => side.regionOf(document, statementIndex));
}

const ORDER = { FAIL: 0, UNKNOWN: 1, PASS: 2 } as const;

/** The worst answer to each question, with the worlds that give it. */
function gather(answered: readonly CaseAnswers[], count: number, isCut: boolean): Omit<Answer, 'severity'>[] {
  const byQuestion = new Map<
    string,
    { readonly answer: Omit<Answer, 'worlds' | 'severity'>; readonly worlds: World[] }
  >();
  for (const { worlds, answers } of answered)
    for (const answer of answers) {
      const key = `${answer.check} ${answer.listName ?? ''}`;
      const known = byQuestion.get(key);
      const order = ORDER[answer.verdict.result];
      if (known === undefined || order < ORDER[known.answer.verdict.result])
        byQuestion.set(key, { answer, worlds: [...worlds] });
      else if (order === ORDER[known.answer.verdict.result]) known.worlds.push(...worlds);
    }
  return [...byQuestion.values()].map(({ answer, worlds }) => {
    const [world] = worlds;
    const some = worlds.length < count && world !== undefined ? describeWorld(world) : '';
    if (isCut && answer.verdict.result === 'PASS')
      return {
        ...answer,
        worlds: '',
        verdict: unknown(MANY_WORLDS),
      };
    return { ...answer, worlds: answer.verdict.result === 'PASS' ? '' : some };
  });
}
