/** A formula as an indented outline for people: one predicate a line. Says everything; decides nothing. */
import type { Formula, Glob, GlobToken, ValueTest } from '../../shared/formula/formula.ts';
import { formatAddress } from '../../shared/policy/cidr.ts';
import { formatDecimal } from '../../shared/policy/decimal.ts';
import { formatInstant } from '../../shared/policy/instant.ts';
import { visible } from './console.ts';

/** How wildcards of each class are shown; `*` and `?` in literal text are quoted, so these cannot be mistaken. */
const WILDCARDS = {
  any: { star: '*', one: '?' },
  notColon: { star: '*(no :)', one: '?(no :)' },
  notSlashOrColon: { star: '*(no / or :)', one: '?(no / or :)' },
  lowerOrDigit: { star: '*(a-z, 0-9)', one: '?(a-z, 0-9)' },
  digit: { star: '*(digits)', one: '?(digit)' },
} as const;

/** Returns the outline, one predicate a line, without a line end. */
export function renderFormula(formula: Formula, depth = 0): string {
  const margin = '  '.repeat(depth);
  switch (formula.kind) {
    case 'true':
    case 'false':
      return `${margin}${formula.kind}`;
    case 'and':
    case 'or': {
      const title = formula.kind === 'and' ? 'all of' : 'one of';
      return [`${margin}${title}`, ...formula.args.map((arg) => renderFormula(arg, depth + 1))].join('\n');
    }
    case 'not':
      return `${margin}not\n${renderFormula(formula.arg, depth + 1)}`;
    case 'member':
      return `${margin}${formula.attribute} is ${oneOf(formula.globs.map(renderGlob))}`;
    case 'present':
      return `${margin}key ${visible(formula.key)} is there`;
    case 'several':
      return `${margin}key ${visible(formula.key)} has several values`;
    case 'some': {
      const some = formula.negated ? 'some value that is not' : 'some value that is';
      return `${margin}key ${visible(formula.key)} has ${some} ${renderTest(formula.test)}`;
    }
  }
}

function oneOf(texts: readonly string[]): string {
  return texts.length === 1 ? texts.join('') : `one of { ${texts.join(' , ')} }`;
}

function renderGlob(glob: Glob): string {
  return glob.length === 0 ? '""' : glob.map(renderToken).join('');
}

function renderToken(token: GlobToken): string {
  switch (token.kind) {
    case 'text':
      return /[*?\s"{}]/.test(token.text) ? visible(JSON.stringify(token.text)) : visible(token.text);
    case 'star':
    case 'one':
      return WILDCARDS[token.of][token.kind];
    case 'variable':
      return `\${${visible(token.key)}}`;
  }
}

function renderTest(test: ValueTest): string {
  switch (test.kind) {
    case 'text':
      return oneOf(test.globs.map(renderGlob));
    case 'number':
      return oneOf(test.values.map((value) => `a number ${test.comparison} ${formatDecimal(value)}`));
    case 'date':
      return oneOf(test.values.map((value) => `an instant ${test.comparison} ${formatInstant(value)}`));
    case 'ip':
      return oneOf(
        test.ranges.map(
          ({ version, first, prefixLength }) =>
            `an address in ${formatAddress({ version, value: first })}/${prefixLength}`,
        ),
      );
    case 'binary':
      return oneOf(test.values.map((value) => `the bytes ${value}`));
  }
}
