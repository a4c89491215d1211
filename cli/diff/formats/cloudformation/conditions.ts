/** Conditions of a template. One that the template does not decide is a choice of its own. */
import { isFields, listOf } from '../../fields.ts';
import { hasSymbol } from '../../symbols.ts';
import { valued } from '../../worlds.ts';
import type { Context } from './context.ts';

const BOTH = [valued('true'), valued('false')] as const;

/** Returns whether the named condition holds in this world. */
export function conditionHolds(name: string, context: Context): boolean {
  return evaluateNamed(name, context, new Set());
}

function evaluateNamed(name: string, context: Context, above: ReadonlySet<string>): boolean {
  const named = context.template['Conditions'];
  const condition = isFields(named) ? named[name] : undefined;
  if (condition === undefined || above.has(name)) return choice(name, context);
  return evaluate(condition, context, new Set([...above, name]));
}

function evaluate(condition: unknown, context: Context, above: ReadonlySet<string>): boolean {
  if (!isFields(condition)) return choice(JSON.stringify(condition) ?? '', context);
  const [[name, argument] = ['', undefined]] = Object.entries(condition);
  const all = () => listOf(argument).map((item) => evaluate(item, context, above));
  switch (name) {
    case 'Condition':
      return evaluateNamed(String(argument), context, above);
    case 'Fn::Not':
      return !all()[0];
    case 'Fn::And':
      return all().every(Boolean);
    case 'Fn::Or':
      return all().some(Boolean);
    case 'Fn::Equals':
      return equals(argument, context);
    default:
      return choice(JSON.stringify(condition), context);
  }
}

function equals(argument: unknown, context: Context): boolean {
  const [left, right] = listOf(argument).map((item) => spelled(context.resolve(item)));
  if (left === undefined || right === undefined) return choice(JSON.stringify(argument), context);
  if (left === right) return true;
  if (!hasSymbol(left + right)) return false;
  // Every text that a name is compared with is a world of its own; in the one that is left the name holds none of them.
  const [item, other] = listOf(argument);
  const isTold = isChosen(item, context) ? !hasSymbol(right) : isChosen(other, context) && !hasSymbol(left);
  return isTold ? false : choice(JSON.stringify(argument), context);
}

/** Returns true iff the value of what is referred to was chosen: what a parent stack gives was not. */
function isChosen(side: unknown, context: Context): boolean {
  return isFields(side) && typeof side['Ref'] === 'string' && context.given(side['Ref']) === undefined;
}

function spelled(value: unknown): string | undefined {
  if (typeof value === 'object' || value === undefined || typeof value === 'symbol') return undefined;
  return String(value);
}

function choice(variable: string, context: Context): boolean {
  return context.choose(`${context.prefix}${variable}`, BOTH) === BOTH[0];
}
