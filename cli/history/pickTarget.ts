/** Which target a person means: by its ARN, or a part of it that only one has. */
import { distance } from 'fastest-levenshtein';
import { nameOf } from '../../shared/findings/consequence.ts';
import type { TargetState } from '../../shared/guard/state.ts';
import { InputError } from '../input/inputError.ts';

const MAX_NAMED = 5;

/** Returns the state. Throws `InputError` with what may have been meant unless exactly one fits. */
export function pickTarget(states: readonly TargetState[], text: string, kind?: string): TargetState {
  const ofKind = kind === undefined ? states : states.filter(({ target }) => target.kind === kind);
  const exact = ofKind.filter(({ target }) => target.arn === text || nameOf(target.arn) === text);
  const fitting = exact.length > 0 ? exact : ofKind.filter(({ target }) => target.arn.includes(text));
  const [found, ...others] = fitting;
  if (found !== undefined && others.length === 0) return found;
  const named = (list: readonly TargetState[]) =>
    list
      .slice(0, MAX_NAMED)
      .map(({ target }) => `${target.arn} (${target.kind})`)
      .join(', ');
  if (found === undefined) {
    const nearest = [...ofKind].sort((a, b) => far(a, text) - far(b, text));
    const hint = nearest.length === 0 ? 'the store holds no targets' : `did you mean ${named(nearest)}?`;
    throw new InputError([{ message: `no such target: \`${text}\`; ${hint}` }]);
  }
  const more = fitting.length > MAX_NAMED ? `, and ${fitting.length - MAX_NAMED} more` : '';
  throw new InputError([
    { message: `\`${text}\` matches ${named(fitting)}${more}; give more of the ARN, or choose with --kind` },
  ]);
}

function far({ target }: TargetState, text: string): number {
  return Math.min(distance(target.arn, text), distance(nameOf(target.arn), text));
}
