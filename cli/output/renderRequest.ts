/** A request in readable lines: who does what on what, and under which conditions. */
import type { Request } from '../../shared/evaluator/request.ts';
import { sayAnyone } from '../../shared/reference/credentials.ts';
import { visible } from './console.ts';
import { columns } from './layout.ts';

/** Returns the request, one attribute a line, indented by two. */
export function renderRequest(request: Request, width: number): string {
  const { action, resource, context } = request;
  const who = describePrincipal(request);
  const keys = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows: [string, string][] = [
    ...(who === undefined ? [] : [['principal', who] satisfies [string, string]]),
    ['action', visible(action)],
    ['resource', resource === '*' ? '* (a call that names no resource)' : visible(resource)],
    ...keys.map(([key, values], index): [string, string] => [
      index === 0 ? 'context' : '',
      `${visible(key)} = ${values.map(quoteValue).join(', ')}`,
    ]),
  ];
  return columns(rows, '  ', width);
}

/** Returns the caller, in words where the bare value would be unclear; undefined iff it is whoever holds the policy. */
export function describePrincipal({ principal, action }: Request): string | undefined {
  if (principal === undefined) return undefined;
  const { type, value } = principal;
  switch (type) {
    case 'Anonymous':
      return sayAnyone(action).replace(/,$/, '');
    case 'AWS':
      return visible(value);
    case 'Service':
      return `the service ${visible(value)}`;
    case 'Federated':
      return `somebody signed in through ${visible(value)}`;
    case 'CanonicalUser':
      return `the canonical user ${visible(value)}`;
  }
}

/** Values that would be misread without quotes get them: empty ones, and those with spaces or commas. */
function quoteValue(value: string): string {
  return value === '' || /[\s,"]/.test(value) ? visible(JSON.stringify(value)) : visible(value);
}
