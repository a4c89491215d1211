/**
 * A witness as a person would write it: shorter, with plausible parts, without keys that do not matter.
 * Each change is kept only if the evaluator still confirms the request, so it cannot make a witness wrong.
 */
import { matchPattern } from '../evaluator/matchPattern.ts';
import type { Request } from '../evaluator/request.ts';
import type { Pattern, Statement } from '../policy/ast.ts';

/** Returns a request that `confirm` accepts, as plain as simple changes make the given one. */
export function polishWitness(witness: Request, statement: Statement, confirm: (request: Request) => boolean): Request {
  let best = witness;
  const keepIfConfirmed = (candidate: Request): boolean => {
    if (!confirm(candidate)) return false;
    best = candidate;
    return true;
  };
  dropKeys(best, keepIfConfirmed);
  // The statement's own spelling of the action: of all its patterns only those that name this action can help.
  const { action: found } = best;
  const spellings = statement.action.negated
    ? []
    : statement.action.patterns.filter((pattern) => matchPattern(pattern, found, { foldCase: true }));
  for (const pattern of spellings.slice(0, MAX_SPELLINGS)) {
    if (keepIfConfirmed({ ...best, action: plainAction(pattern) })) break;
  }
  for (const resource of plainResources(statement, best.resource)) if (keepIfConfirmed({ ...best, resource })) break;
  if (best.principal !== undefined) {
    for (const principal of PLAIN_PRINCIPALS) if (keepIfConfirmed({ ...best, principal })) break;
  }
  for (const [key, values] of Object.entries(best.context)) {
    const [value, ...others] = values;
    if (value === undefined || others.length > 0 || !ODD.test(value)) continue;
    for (const plain of PLAIN_VALUES) if (keepIfConfirmed({ ...best, context: { ...best.context, [key]: [plain] } })) break;
  }
  return best;
}

const MAX_SPELLINGS = 3;

function dropKeys(witness: Request, keepIfConfirmed: (candidate: Request) => boolean): void {
  let { context } = witness;
  for (const key of Object.keys(context)) {
    const { [key]: _, ...others } = context;
    if (keepIfConfirmed({ ...witness, context: others })) context = others;
  }
}

const ODD = /^$|[^\w./:@-]|^[xa1*]{1,3}$/;
const PLAIN_VALUES = ['example', 'value'];
/** Somebody in a documentation account: the least surprising stranger. */
const PLAIN_PRINCIPALS = [
  { type: 'AWS', value: 'arn:aws:iam::111122223333:user/Alice' },
  { type: 'AWS', value: 'arn:aws:iam::444455556666:user/Alice' },
] as const;

function plainAction(pattern: Pattern): string {
  return pattern.length === 1 && pattern[0]?.kind === 'star' ? 's3:GetObject' : plainText(pattern, 'Example');
}

function plainText(pattern: Pattern, filler: string): string {
  return pattern
    .map((token) => {
      switch (token.kind) {
        case 'text':
          return token.text;
        case 'star':
          return filler;
        case 'question':
          return 'x';
        case 'variable':
          return token.defaultText ?? '';
      }
    })
    .join('');
}

/** What usually stands in the parts of an ARN where a pattern leaves them open. */
const PLAIN_PARTS = ['arn', 'aws', '', 'us-east-1', '111122223333', 'example'] as const;

function plainResources(statement: Statement, found: string): string[] {
  const patterns = statement.resource === undefined || statement.resource.negated ? [] : statement.resource.patterns;
  const candidates = patterns.flatMap((pattern) => {
    if (pattern.kind !== 'arn') return [];
    return [pattern.parts.map((part, index) => plainText(part, PLAIN_PARTS[index] ?? '')).join(':')];
  });
  // A resource that was found is only replaced when it looks made up.
  return /(^|[:/])[xa1]{0,2}($|[:/])/.test(found) ? candidates : [];
}
