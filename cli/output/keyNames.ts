/** Context keys as the author of a policy wrote them: they mean the same in any case, and are read best in one's own. */
import type { Request } from '../../shared/evaluator/request.ts';
import type { Policy } from '../../shared/policy/ast.ts';

/** Members of the JSON text; what looks like one inside a value does no harm, since only letters' case is taken over. */
const MEMBER = /"([^"\\]+)"\s*:/g;

/** Returns the request with each context key as the first of the policies that names it does. */
export function withKeyNames(request: Request, policies: readonly Policy[]): Request {
  const written = new Map<string, string>();
  for (const { source } of policies)
    for (const [, name = ''] of source.matchAll(MEMBER)) {
      const key = name.toLowerCase();
      if (!written.has(key)) written.set(key, name);
    }
  const context = Object.entries(request.context).map(([key, values]) => [
    written.get(key.toLowerCase()) ?? key,
    values,
  ]);
  return { ...request, context: Object.fromEntries(context) };
}
