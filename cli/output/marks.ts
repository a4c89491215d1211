/** Which words of a statement matter for a request: the action, resource and principal that match it, with their places. */
import { evaluatePolicy } from '../../shared/evaluator/evaluate.ts';
import type { Request } from '../../shared/evaluator/request.ts';
import type { Policy, Statement } from '../../shared/policy/ast.ts';
import { createLocator, type Locator } from '../../shared/policy/jsonDocument.ts';

/** A word that matters, by its path below the statement (`.Action[1]`), and what it is: `this action`. */
export type Mark = { readonly path: string; readonly label: string };

/** Gives the marks of the statement with this index: principal, action, resource; each only where it matches. */
export type MarkStatement = (index: number) => readonly Mark[];

const ANYTHING: Statement['action'] = { negated: false, patterns: [[{ kind: 'star' }]] };

/** Returns what marks the statements of a policy for one request. Asks the evaluator, one element at a time. */
export function marksOf(policy: Policy, request: Request): MarkStatement {
  const locator = createLocator(policy.source);
  return (index) => {
    const statement = policy.statements[index];
    if (statement === undefined) return [];
    const { sid: _, resource, principal, conditions: _conditions, action, ...bare } = statement;
    const isMatched = (element: Partial<Statement>) => {
      const alone: Statement = { ...bare, effect: 'Allow', action: ANYTHING, conditions: [], ...element };
      return evaluatePolicy({ ...policy, statements: [alone] }, request).granted;
    };
    const at = statementPath(locator, index);
    const first = <Pattern>(
      name: string,
      paths: readonly string[],
      element: { readonly negated: boolean; readonly patterns: readonly Pattern[] } | undefined,
      alone: (patterns: readonly Pattern[], negated: boolean) => Partial<Statement>,
    ): Mark[] => {
      if (element === undefined) return [];
      const { negated, patterns } = element;
      if (!isMatched(alone(patterns, negated))) return [];
      const matching = negated ? -1 : patterns.findIndex((pattern) => isMatched(alone([pattern], false)));
      const whole = `.${negated ? 'Not' : ''}${name}`;
      const one = paths[matching] ?? whole;
      const path = locator.locate(at + one) === undefined ? whole : one;
      return [{ path, label: `this ${name.toLowerCase()}` }];
    };
    const listed = (name: string, { length }: readonly unknown[] = []) =>
      Array.from({ length }, (_, place) => `.${name}[${place}]`);
    return [
      ...first(
        'Principal',
        principalPaths(locator.textOf(`${at}.Principal`)),
        principal,
        (patterns, negated) => ({
          principal: { negated, patterns },
        }),
      ),
      ...first('Action', listed('Action', action.patterns), action, (patterns, negated) => ({
        action: { negated, patterns },
      })),
      ...first('Resource', listed('Resource', resource?.patterns), resource, (patterns, negated) => ({
        resource: { negated, patterns },
      })),
    ];
  };
}

/** Returns the path of a statement: a policy may hold its only one without a list. */
export function statementPath({ locate }: Locator, index: number): string {
  const path = `$.Statement[${index}]`;
  return locate(path) === undefined ? '$.Statement' : path;
}

/** The places of a principal's values, in the order in which the parser reads them. */
function principalPaths(text: string | undefined): string[] {
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([kind, values]) =>
    Array.isArray(values) ? values.map((_, place) => `.Principal.${kind}[${place}]`) : [`.Principal.${kind}`],
  );
}
