/**
 * New access, summed up: beyond one witness, the distinct pieces of what became possible. A piece is a part of one
 * statement: its actions of one service that are new, the resources and principals on which they are, each piece
 * with a request of its own that the evaluator confirmed.
 */
import type { Request } from '../evaluator/request.ts';
import type { Pattern, PrincipalPattern, Statement } from '../policy/ast.ts';
import { type Candidate, type Check, type Contribution, confirmed, type Decider, decide } from './check.ts';
import { once } from './once.ts';
import { plainRequest } from './plainRequest.ts';
import { toWitness } from './toWitness.ts';

/** One piece of new access: what of one statement became possible. */
export type NewAccessPiece = {
  readonly statementIndex: number;
  readonly statementId?: string;
  readonly document?: string;
  /** As the statement writes them; `NotAction` as `everything but …`. */
  readonly actions: readonly string[];
  /** As the statement writes them; `*` where it names none. */
  readonly resources: readonly string[];
  /** Absent in identity policies. */
  readonly principals?: readonly string[];
  /** The statement's conditions, operator and key. Absent without conditions. */
  readonly conditions?: readonly string[];
  readonly witness: Request;
  /** As in a verdict: false iff AWS could see no request of the piece. */
  readonly possible: boolean;
};

/** The pieces of new access, in the order of the statements. */
export type NewAccess = {
  readonly pieces: readonly NewAccessPiece[];
  /** True iff the bound on pieces or questions was met, so that there may be more. */
  readonly cut: boolean;
};

/** Bounds on one listing. */
const MAX_PIECES = 100;
const MAX_QUESTIONS = 5_000;

/** Returns the pieces of the check's new access; none iff no candidate contributes (or none could be decided). */
export async function listNewAccess(check: Check, decider: Decider): Promise<NewAccess> {
  const pieces: NewAccessPiece[] = [];
  let questions = 0;
  let cut = false;
  const find = async (candidate: Candidate, part: Statement): Promise<Contribution | undefined> => {
    const { questionOf } = candidate;
    if (questionOf === undefined) return undefined;
    if (++questions > MAX_QUESTIONS) {
      cut = true;
      return undefined;
    }
    const question = once(() => questionOf(part));
    const plain = plainRequest({ ...candidate, part }, check, decider);
    if (plain !== undefined) return { statement: part, question, witness: plain };
    const { answer } = await decide({ question }, decider);
    if (answer.kind === 'unknown' && decider.budget.remainingMs() === 0) cut = true;
    const witness = answer.kind === 'sat' ? confirmed(answer.model, check, part) : undefined;
    return witness === undefined ? undefined : { statement: part, question, witness };
  };
  for (const candidate of check.candidates) {
    for (const part of partsByService(candidate.statement)) {
      if (pieces.length >= MAX_PIECES) return { pieces, cut: true };
      const narrowed = await narrow(part, (statement) => find(candidate, statement));
      const found = narrowed && (await find(candidate, narrowed));
      if (narrowed === undefined || found === undefined) continue;
      const { witness, possible } = await toWitness([found], check, decider);
      pieces.push({ ...toPiece(candidate, narrowed), witness, possible });
    }
  }
  return { pieces, cut };
}

/** The statement once for each service its actions name; `*` and `NotAction` stay whole. */
function partsByService(statement: Statement): Statement[] {
  if (statement.action.negated) return [statement];
  const services = new Map<string, Pattern[]>();
  for (const pattern of statement.action.patterns) {
    const service = textOf(pattern).split(':')[0]?.toLowerCase() ?? '';
    const known = services.get(service);
    if (known === undefined) services.set(service, [pattern]);
    else known.push(pattern);
  }
  return [...services.values()].map((patterns) => ({ ...statement, action: { negated: false, patterns } }));
}

type Find = (statement: Statement) => Promise<Contribution | undefined>;

/** The part with only those actions, resources and principals on which something is new; undefined when nothing is. */
async function narrow(part: Statement, find: Find): Promise<Statement | undefined> {
  if ((await find(part)) === undefined) return undefined;
  let narrowed = part;
  const keep = async <T>(list: readonly T[], withOnly: (kept: readonly T[]) => Statement) => {
    if (list.length < 2) return;
    const kept: T[] = [];
    for (const one of list) if ((await find(withOnly([one]))) !== undefined) kept.push(one);
    // A bound that was met in between leaves the part as it was rather than empty.
    if (kept.length > 0) narrowed = withOnly(kept);
  };
  const { action, resource, principal } = part;
  if (!action.negated)
    await keep(action.patterns, (patterns) => ({ ...narrowed, action: { negated: false, patterns } }));
  if (resource?.negated === false) {
    await keep(resource.patterns, (patterns) => ({ ...narrowed, resource: { negated: false, patterns } }));
  }
  if (principal?.negated === false) {
    await keep(principal.patterns, (patterns) => ({ ...narrowed, principal: { negated: false, patterns } }));
  }
  return narrowed;
}

function toPiece(
  { document }: Candidate,
  statement: Statement,
): Omit<NewAccessPiece, 'witness' | 'possible'> {
  const { index, sid, action, resource, principal, conditions } = statement;
  const written = (negated: boolean, list: readonly string[]) =>
    negated ? [`everything but ${list.join(', ')}`] : list;
  return {
    statementIndex: index,
    ...(sid === undefined ? {} : { statementId: sid }),
    ...(document === undefined ? {} : { document }),
    actions: written(action.negated, action.patterns.map(textOf)),
    resources:
      resource === undefined
        ? ['*']
        : written(
            resource.negated,
            resource.patterns.map(({ text }) => text),
          ),
    ...(principal === undefined
      ? {}
      : { principals: written(principal.negated, principal.patterns.map(nameOf)) }),
    ...(conditions.length === 0
      ? {}
      : { conditions: conditions.map(({ operator, keyText }) => `${operator} ${keyText}`) }),
  };
}

function textOf(pattern: Pattern): string {
  const texts = { star: '*', question: '?' } as const;
  return pattern
    .map((token) =>
      token.kind === 'text' ? token.text : token.kind === 'variable' ? `\${${token.key}}` : texts[token.kind],
    )
    .join('');
}

function nameOf(pattern: PrincipalPattern): string {
  switch (pattern.kind) {
    case 'everyone':
      return '*';
    case 'account':
      return pattern.account;
    case 'role':
      return `arn:${pattern.partition}:iam::${pattern.account}:${pattern.entity}`;
    case 'session':
      return `arn:${pattern.partition}:sts::${pattern.account}:assumed-role/${pattern.roleName}/${pattern.session}`;
    case 'entity':
      return `arn:${pattern.partition}:${pattern.service}::${pattern.account}:${pattern.entity}`;
    case 'uniqueId':
      return pattern.id;
    case 'values':
      return textOf(pattern.pattern);
    case 'accounts':
      return textOf(pattern.account);
    case 'entities':
      return `arn:${textOf(pattern.partition)}:${pattern.service}::${textOf(pattern.account)}:${textOf(pattern.entity)}`;
    default:
      return pattern.value;
  }
}
