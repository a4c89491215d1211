/** Whether an event fits a pattern, as far as this stack's rules go. Source: EventBridge User Guide, "Event patterns". */

/** Returns true iff the event fits. No pattern: a rule on a schedule, which no event fits. Throws on other operators. */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (pattern === undefined) return false;
  if (Array.isArray(pattern)) return pattern.some((one) => matchesOne(one, event));
  if (typeof pattern !== 'object' || pattern === null) throw new Error('a pattern is lists in objects');
  return Object.entries(pattern).every(([name, inner]) => matchesPattern(inner, memberOf(event, name)));
}

function matchesOne(one: unknown, value: unknown): boolean {
  if (typeof one !== 'object' || one === null) return one === value;
  const [[operator, operand] = ['', undefined]] = Object.entries(one);
  if (operator === 'prefix') return typeof value === 'string' && value.startsWith(operand);
  if (operator === 'exists') return operand === (value !== undefined && typeof value !== 'object');
  throw new Error(`the operator \`${operator}\` is not read`);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
