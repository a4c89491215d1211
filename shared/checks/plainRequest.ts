/**
 * A request in a statement's own words: its first action and resource, and the value that each condition names first.
 * It is a proposal. Most new statements have one that the evaluator confirms, and then no decider is asked.
 */
import { askFor } from '../encoder/question.ts';
import type { Request } from '../evaluator/request.ts';
import { TRUE } from '../formula/build.ts';
import { evaluateQuestion } from '../formula/evaluateFormula.ts';
import type { ArnPattern, Condition, Pattern, Statement } from '../policy/ast.ts';
import type { Candidate, Check, Decider } from './check.ts';
import { plainValues } from './plainValues.ts';

/**
 * Returns a request of the candidate's question about the part, by the evaluator's word; undefined: none was found, or the
 * deciders are held against each other and have to be asked. `like`: a request of the same check, whose context
 * may be what other statements ask for.
 */
export function plainRequest(
  {
    isOf,
    part,
    like,
  }: Pick<Candidate, 'isOf'> & { readonly part: Statement; readonly like?: Request | undefined },
  { confirm }: Check,
  { portfolio, budget }: Decider,
): Request | undefined {
  if (isOf === undefined || !portfolio.takesPlainRequests || budget.whySpent() !== undefined)
    return undefined;
  const own = inOwnWords(part);
  if (own === undefined) return undefined;
  const proposals =
    like === undefined ? [own] : [own, { ...own, context: { ...like.context, ...own.context } }];
  return proposals.find((request) => isOf(request, part) && confirm(request) && isRequest(request));
}

/** Undefined where a statement names what it is not about, and where a value would have to be made up. */
function inOwnWords({ action, resource, conditions, unread }: Statement): Request | undefined {
  const [name] = action.patterns;
  const [target] = resource?.patterns ?? [];
  if (unread !== undefined || action.negated || resource?.negated === true) return undefined;
  if (name?.[0]?.kind !== 'text' || (target?.kind !== 'arn' && target?.kind !== 'any')) return undefined;
  const context: { [key: string]: readonly string[] } = {};
  const fill = (pattern: Pattern) => fillPattern(pattern, context);
  for (const condition of conditions) {
    if (isMetWithout(condition)) continue;
    const value = firstValue(condition, fill);
    if (value === undefined) return undefined;
    context[condition.key] ??= [value];
  }
  const text = fill(name);
  return {
    action: text.endsWith(':') ? `${text}x` : text,
    resource: target.kind === 'any' ? '*' : arnOf(target.parts, fill),
    context,
  };
}

/** A variable's value is one that its key holds from then on. */
function fillPattern(pattern: Pattern, context: { [key: string]: readonly string[] }): string {
  return pattern
    .map((token) => {
      if (token.kind === 'text') return token.text;
      if (token.kind !== 'variable') return token.kind === 'question' ? 'x' : '';
      context[token.key] ??= plainValues(token.key, undefined, NOTHING).slice(0, 1);
      return context[token.key]?.[0] ?? '';
    })
    .join('');
}

const NOTHING: Request = { action: '', resource: '*', context: {} };

const arnOf = (parts: ArnPattern, fill: (pattern: Pattern) => string) => parts.map(fill).join(':');

/** True only if a request without the key meets the condition. */
function isMetWithout({ ifExists, negated, quantifier, test }: Condition): boolean {
  if (test.kind === 'null') return test.values.includes(true);
  return ifExists || quantifier === 'ForAllValues' || (negated && quantifier === undefined);
}

function firstValue({ test, negated }: Condition, fill: (pattern: Pattern) => string): string | undefined {
  if (negated) return undefined;
  switch (test.kind) {
    case 'string': {
      const [pattern] = test.patterns;
      return pattern && (fill(pattern) || 'example');
    }
    case 'arn': {
      const [parts] = test.patterns;
      return parts && arnOf(parts, fill);
    }
    case 'bool':
      return String(test.values[0]);
    case 'null':
      return 'example';
    default:
      return undefined;
  }
}

/** True iff such a request could be a decider's model: by its action, its resource and what its keys hold. */
function isRequest({ action, resource, context }: Request): boolean {
  const scalars = { action: action.toLowerCase(), resource, principal: NOBODY };
  return evaluateQuestion(ANY, { scalars, keys: context });
}

const ANY = askFor(TRUE, { linkPrincipal: false });
/** Questions about identity policies leave open who asks. */
const NOBODY = 'Anonymous:';
