/** Does a text match a pattern? Plain backtracking to the last star: linear in practice, never exponential. */
import type { Pattern } from '../policy/ast.ts';
import { foldChar } from '../policy/foldChar.ts';

/** A variable's key has no single value (or no default): the whole pattern matches nothing. */
export type ValueOf = (key: string) => readonly string[];

export type MatchOptions = { readonly foldCase?: boolean; readonly valuesOf?: ValueOf };

type Step = number | '*' | '?';

/** Returns true iff the whole text matches; with `foldCase`, letters compare without case. `valuesOf` gives a key's values. */
export function matchPattern(pattern: Pattern, text: string, options: MatchOptions = {}): boolean {
  const head = pattern[0];
  if (head === undefined) return text === '';
  if (pattern.length === 1 && head.kind === 'star') return true;
  // Most patterns differ from most texts in their first characters; then nothing need be built.
  if (head.kind === 'text') {
    // Most patterns are one text, or a text and a star. Policies hold no character of two units.
    if (pattern.length === 1 && text.length !== head.text.length) return false;
    if (!startsLike(text, head.text, options.foldCase === true)) return false;
    if (pattern.length === 1 || (pattern.length === 2 && pattern[1]?.kind === 'star')) return true;
  }
  const tail = pattern.at(-1);
  if (tail?.kind === 'text' && !endsLike(text, tail.text, options.foldCase === true)) return false;
  return matchSteps(pattern, text, options);
}

/** By itself, so that what it holds is not made for the texts that differ at once. */
function matchSteps(pattern: Pattern, text: string, options: MatchOptions): boolean {
  const steps = toSteps(pattern, options.valuesOf ?? none);
  if (steps === undefined) return false;
  const fold = options.foldCase === true ? foldChar : (char: number) => char;
  const chars = Array.from(text, (char) => fold(char.codePointAt(0) ?? 0));
  let step = 0;
  let at = 0;
  let afterStar = -1;
  let starAt = 0;
  while (at < chars.length) {
    const wanted = steps[step];
    if (wanted === '*') {
      afterStar = ++step;
      starAt = at;
    } else if (wanted === '?' || (typeof wanted === 'number' && fold(wanted) === chars[at])) {
      step++;
      at++;
    } else if (afterStar >= 0) {
      step = afterStar;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (steps[step] === '*') step++;
  return step === steps.length;
}

/** Returns true iff the whole text matches one of the patterns. */
export function matchesSome(patterns: readonly Pattern[], text: string, options: MatchOptions): boolean {
  for (const pattern of patterns) if (matchPattern(pattern, text, options)) return true;
  return false;
}

/** Returns true iff each part matches its pattern; a part that is missing is empty. */
export function matchParts(
  patterns: readonly Pattern[],
  parts: readonly string[],
  options: MatchOptions,
): boolean {
  for (let index = 0; index < patterns.length; index++) {
    if (!matchPattern(patterns[index] ?? [], parts[index] ?? '', options)) return false;
  }
  return true;
}

function startsLike(text: string, head: string, foldCase: boolean): boolean {
  return foldCase ? holdsAt(0, text, head) : text.startsWith(head);
}

function endsLike(text: string, tail: string, foldCase: boolean): boolean {
  return foldCase ? holdsAt(text.length - tail.length, text, tail) : text.endsWith(tail);
}

/** Without case. Every character that folds is one unit of UTF-16, and folds to one. */
function holdsAt(start: number, text: string, part: string): boolean {
  if (start < 0 || text.length < start + part.length) return false;
  for (let at = 0; at < part.length; at++) {
    const a = text.charCodeAt(start + at);
    const b = part.charCodeAt(at);
    if (a !== b && foldChar(a) !== foldChar(b)) return false;
  }
  return true;
}

const none: ValueOf = () => [];

function toSteps(pattern: Pattern, valuesOf: ValueOf): Step[] | undefined {
  const steps: Step[] = [];
  for (const token of pattern) {
    switch (token.kind) {
      case 'star':
        steps.push('*');
        break;
      case 'question':
        steps.push('?');
        break;
      case 'text':
        pushText(steps, token.text);
        break;
      case 'variable': {
        const values = valuesOf(token.key);
        const value = values.length === 0 ? token.defaultText : values.length === 1 ? values[0] : undefined;
        if (value === undefined) return undefined;
        pushText(steps, value);
        break;
      }
    }
  }
  return steps;
}

function pushText(steps: Step[], text: string): void {
  for (const char of text) steps.push(char.codePointAt(0) ?? 0);
}

/** Returns the six parts of an ARN, or undefined when the text has fewer. The sixth part is the whole rest. */
export function splitArn(text: string): readonly string[] | undefined {
  // One request is asked about by many conditions in turn.
  if (text !== last.text) {
    const parts = text.split(':');
    last = {
      text,
      parts: parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')],
    };
  }
  return last.parts;
}

let last: { readonly text: string; readonly parts: readonly string[] | undefined } = {
  text: '',
  parts: undefined,
};
