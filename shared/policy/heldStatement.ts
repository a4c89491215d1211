/**
 * A statement that AWS holds and that cannot be read in full → bounds of what it matches, since a text that is in force
 * must not be skipped. What can be read of it becomes a statement of its own; the whole becomes one that matches
 * whatever the readable rest names, if an unknown fact holds. Equal texts share that fact, in every document.
 */
import type { Condition, PolicyProblem, PolicyType, PrincipalElement, Statement } from './ast.ts';
import { isUnder, pathOf } from './jsonDocument.ts';
import { MAX_PROBLEMS } from './reporter.ts';

/** A statement as far as it can be read, and all that is wrong with it. */
type PartlyRead = {
  /** What cannot be read is left out of it. */
  readonly statement: Statement;
  /** Not empty. */
  readonly problems: readonly PolicyProblem[];
  readonly value: { readonly [element: string]: unknown };
  readonly path: string;
  readonly policyType: PolicyType;
  /** Where more than its own elements is in doubt (a key written twice, the document's version): what it hangs on. */
  readonly doubt?: string;
};

/** Elements by the names under which a statement may have them. */
const PAIRS = ['Principal', 'Action', 'Resource'] as const;

/** Returns the statements that bound it: the part that surely is so, if any, and the whole with its unknown fact. */
export function boundStatement(read: PartlyRead): Statement[] {
  const { statement, problems, value, path, policyType } = read;
  const under = (place: string) => problems.filter((problem) => isUnder(problem.path, place));
  const oddIn = (name: string) =>
    under(pathOf(path, name)).length + under(pathOf(path, `Not${name}`)).length > 0;
  const isMissing = (name: string) => value[name] === undefined && value[`Not${name}`] === undefined;
  const odd = {
    Effect: value['Effect'] !== statement.effect || under(`${path}.Effect`).length > 0,
    Principal: oddIn('Principal') || (policyType === 'RESOURCE_POLICY' && isMissing('Principal')),
    Action: oddIn('Action') || isMissing('Action'),
    Resource: oddIn('Resource') || (policyType === 'IDENTITY_POLICY' && isMissing('Resource')),
    Condition: under(`${path}.Condition`).length > 0,
  };
  const known = [...PAIRS.flatMap((name) => [name, `Not${name}`]), 'Effect', 'Condition'];
  const others = problems.filter(
    (problem) => problem.path !== path && !known.some((name) => isUnder(problem.path, pathOf(path, name))),
  );
  const isOdd = ({ operator, keyText }: Condition) =>
    under(pathOf(pathOf(`${path}.Condition`, operator), keyText)).length > 0;
  const isWritten = (element: 'Principal' | 'Action' | 'Resource') =>
    value[element] !== undefined && value[`Not${element}`] === undefined;
  // Beyond so many problems nobody knows where the others are.
  const isAllUnread = problems.length >= MAX_PROBLEMS;
  const canBeRead = !isAllUnread && others.length === 0 && read.doubt === undefined;
  const fact = unknownFact(read, odd);
  const { principal, resource, ...rest } = statement;
  const most: Statement = {
    ...rest,
    ...(policyType === 'RESOURCE_POLICY' ? { principal: widest(principal, odd.Principal) } : {}),
    action:
      odd.Action && !statement.action.negated
        ? { negated: false, patterns: [[{ kind: 'star' }]] }
        : statement.action,
    ...(resource === undefined || (odd.Resource && !resource.negated) ? {} : { resource }),
    conditions: isAllUnread ? [] : statement.conditions.filter((condition) => !isOdd(condition)),
    unread: problems,
  };
  const whole = odd.Effect
    ? (['Allow', 'Deny'] as const).map((effect) => ({
        ...most,
        effect,
        conditions: [...most.conditions, factHolds(`${fact}${effect}`)],
      }))
    : [{ ...most, conditions: [...most.conditions, factHolds(fact)] }];
  const isSure =
    canBeRead &&
    !odd.Effect &&
    (!odd.Principal ||
      (isWritten('Principal') && principal !== undefined && principal.patterns.length > 0)) &&
    (!odd.Action || (isWritten('Action') && statement.action.patterns.length > 0)) &&
    (!odd.Resource || (isWritten('Resource') && resource !== undefined && resource.patterns.length > 0)) &&
    (!odd.Condition || conditionsAreSure(read, isOdd));
  return isSure ? [statement, ...whole] : whole;
}

/** Returns the whole of which nothing at all can be read: it may allow or deny anything, or nothing. */
export function unreadableStatement(
  index: number,
  text: string,
  { problems, policyType }: Pick<PartlyRead, 'problems' | 'policyType'>,
): Statement[] {
  return (['Allow', 'Deny'] as const).map((effect) => ({
    index,
    effect,
    ...(policyType === 'RESOURCE_POLICY' ? { principal: EVERYONE } : {}),
    action: { negated: false, patterns: [[{ kind: 'star' }]] },
    conditions: [factHolds(`${effect} ${text}`)],
    unread: problems,
  }));
}

/** Returns the statement as if its unknown fact held. */
export function withoutFact(statement: Statement): Statement {
  return { ...statement, conditions: statement.conditions.filter(({ key }) => !key.startsWith(FACT)) };
}

const EVERYONE: PrincipalElement = { negated: false, patterns: [{ kind: 'everyone' }] };

function widest(principal: PrincipalElement | undefined, isOdd: boolean): PrincipalElement {
  return principal === undefined || (isOdd && !principal.negated) ? EVERYONE : principal;
}

/** With fewer values a plain operator matches less; so the readable values tell what surely matches. */
function conditionsAreSure(
  { statement, problems, path }: PartlyRead,
  isOdd: (condition: Condition) => boolean,
): boolean {
  const odd = statement.conditions.filter(isOdd);
  const places = odd.map(({ operator, keyText }) => pathOf(pathOf(`${path}.Condition`, operator), keyText));
  // What is wrong with an operator or a key's name leaves a condition that nobody knows.
  const areValues = problems
    .filter((problem) => isUnder(problem.path, `${path}.Condition`))
    .every((problem) => places.some((place) => problem.path !== place && isUnder(problem.path, place)));
  return areValues && odd.every(({ negated }) => !negated);
}

function unknownFact(
  { value, statement, doubt }: PartlyRead,
  odd: { readonly [element: string]: boolean },
): string {
  const names = Object.keys(odd).filter((name) => odd[name] === true);
  const isRead = (name: string) => name === 'Sid' || (name in odd && odd[name] !== true);
  const written = Object.entries(value).filter(([name]) => {
    const element = name.replace(/^Not/, '');
    return !isRead(element);
  });
  return `${statement.effect} ${names.join(',')} ${JSON.stringify(written)} ${doubt ?? ''}`;
}

/** A character that no policy may hold: no document has such a key of its own. */
const FACT = '\u0001';

function factHolds(fact: string): Condition {
  // Keys compare without case, and facts do not.
  const key = FACT + Buffer.from(fact).toString('hex');
  return {
    operator: 'Null',
    keyText: key,
    key,
    ifExists: false,
    negated: false,
    test: { kind: 'null', values: [false] },
  };
}
