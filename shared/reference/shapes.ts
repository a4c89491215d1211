/**
 * Values that AWS itself writes in a request's context have a shape. A request with another value cannot be made, so a
 * witness shows none where it has the choice. What a policy names in full counts as well-shaped: its author knows it.
 * Source: Organizations API Reference, the patterns of organization, root and unit ids, and its User Guide, "Quotas"; IAM User Guide, "AWS global
 * condition context keys", for the form of paths, accounts and ARNs; EC2 API Reference, ids of resources.
 */
import { and, concat, not, PART, REST, someOtherValue, text } from '../formula/build.ts';
import { evaluateValueTest } from '../formula/evaluateFormula.ts';
import type { Formula, Glob, GlobToken } from '../formula/formula.ts';
import { toTable } from '../policy/table.ts';

const CHAR: GlobToken = { kind: 'one', of: 'notSlashOrColon' };
const CHARS: GlobToken = { kind: 'star', of: 'notSlashOrColon' };
const ID_CHAR: GlobToken = { kind: 'one', of: 'lowerOrDigit' };
const ID_CHARS: GlobToken = { kind: 'star', of: 'lowerOrDigit' };
const DIGIT: GlobToken = { kind: 'one', of: 'digit' };
const times = (count: number, token: GlobToken): Glob => Array.from({ length: count }, () => token);

const ORGANIZATION: Glob = [...text('o-'), ...times(10, ID_CHAR), ID_CHARS];
const ROOT: Glob = [...ORGANIZATION, ...text('/r-'), ...times(4, ID_CHAR), ID_CHARS, ...text('/')];
const UNIT: Glob = [
  ...text('ou-'),
  ...times(4, ID_CHAR),
  ID_CHARS,
  ...text('-'),
  ...times(8, ID_CHAR),
  ID_CHARS,
  ...text('/'),
];
/** Units lie in each other at most five deep. */
const PATH: readonly Glob[] = [0, 1, 2, 3, 4, 5].map((depth) =>
  concat(ROOT, ...Array.from({ length: depth }, () => UNIT)),
);
const ACCOUNT: Glob = times(12, DIGIT);
const ARN: Glob = [
  ...text('arn:aws'),
  PART,
  ...text(':'),
  CHAR,
  PART,
  ...text(':'),
  PART,
  ...text(':'),
  PART,
  ...text(':'),
  { kind: 'one', of: 'any' },
  REST,
];
const idOf = (prefix: string): Glob => [...text(`${prefix}-`), ...times(8, ID_CHAR), ID_CHARS];

const SERVICES: readonly Glob[] = ['.amazonaws.com', '.amazonaws.com.cn'].map((domain) => [
  CHAR,
  CHARS,
  ...text(domain),
]);

/** `s3.us-east-1.amazonaws.com`. Source: KMS Developer Guide, "AWS KMS condition keys", `kms:ViaService`. */
const VIA: readonly Glob[] = SERVICES.map((service) => [CHAR, CHARS, ...text('.'), ...service]);

const SHAPES: { readonly [key: string]: readonly Glob[] } = toTable<readonly Glob[]>({
  'aws:principalorgid': [ORGANIZATION],
  'aws:resourceorgid': [ORGANIZATION],
  'aws:sourceorgid': [ORGANIZATION],
  'aws:vpceorgid': [ORGANIZATION],
  'aws:principalorgpaths': PATH,
  'aws:resourceorgpaths': PATH,
  'aws:sourceorgpaths': PATH,
  'aws:vpceorgpaths': PATH,
  'aws:principalaccount': [ACCOUNT, text('anonymous')],
  'aws:resourceaccount': [ACCOUNT],
  'aws:sourceaccount': [ACCOUNT],
  'aws:sourceowner': [ACCOUNT],
  'aws:vpceaccount': [ACCOUNT],
  'kms:calleraccount': [ACCOUNT],
  'kms:viaservice': VIA,
  's3:dataaccesspointaccount': [ACCOUNT],
  's3:resourceaccount': [ACCOUNT],
  'aws:principalarn': [ARN],
  'aws:sourcearn': [ARN],
  'aws:sourcevpcarn': [ARN],
  's3:dataaccesspointarn': [ARN],
  'aws:tagkeys': [[{ kind: 'one', of: 'any' }, REST]],
  'aws:calledvia': SERVICES,
  'aws:calledviafirst': SERVICES,
  'aws:calledvialast': SERVICES,
  'aws:principalservicename': SERVICES,
  'aws:principalservicenameslist': SERVICES,
  'aws:epochtime': [[DIGIT, { kind: 'star', of: 'digit' }]],
  'aws:sourcevpc': [idOf('vpc')],
  'aws:sourcevpce': [idOf('vpce')],
});

/** Keys of which no author can know another shape: seconds are digits, whatever a policy compares them with. */
const COMPLETE: ReadonlySet<string> = new Set(['aws:epochtime']);

/** Returns a formula that is true iff each key which `formula` tests or has as a variable, and which AWS itself fills, holds only values of its shape. */
export function wellShaped(formula: Formula): Formula {
  const named = new Map<string, Glob[]>();
  collect(formula, named);
  return and(
    [...named].map(([key, literals]) => {
      const shape = SHAPES[key] ?? [];
      const written = COMPLETE.has(key) ? [] : literals.flatMap((literal) => asWritten(literal, shape));
      const globs = [...shape, ...written];
      return not(someOtherValue(key, { kind: 'text', globs }));
    }),
  );
}

/** A value that is compared without case is one text: in lower case where that has the shape, else as it is spelled. */
function asWritten(literal: Glob, shape: readonly Glob[]): Glob[] {
  const [token] = literal;
  if (token?.kind !== 'text' || token.foldCase !== true) return [literal];
  const isLower = evaluateValueTest({ kind: 'text', globs: shape }, token.text.toLowerCase());
  return isLower ? [] : [text(token.text)];
}

/** Returns the values that the formula compares the key with in full, for a key that has a shape. */
export function valuesNamed(formula: Formula, key: string): string[] {
  const named = new Map<string, Glob[]>();
  collect(formula, named);
  return (named.get(key) ?? []).flatMap(([token]) => (token?.kind === 'text' ? [token.text] : []));
}

/** The shaped keys that the formula speaks of, each with the values that it is compared with in full. */
function collect(formula: Formula, named: Map<string, Glob[]>): void {
  switch (formula.kind) {
    case 'and':
    case 'or':
      for (const arg of formula.args) collect(arg, named);
      break;
    case 'not':
      collect(formula.arg, named);
      break;
    case 'member':
      collectVariables(formula.globs, named);
      break;
    case 'present':
    case 'several':
    case 'some': {
      if (formula.kind === 'some' && formula.test.kind === 'text')
        collectVariables(formula.test.globs, named);
      const literals = literalsOf(formula.key, named);
      if (literals === undefined || formula.kind !== 'some' || formula.test.kind !== 'text') break;
      literals.push(
        ...formula.test.globs.filter(
          (glob) => glob.length === 1 && glob[0]?.kind === 'text' && glob[0].text !== '',
        ),
      );
      break;
    }
    default:
  }
}

function collectVariables(globs: readonly Glob[], named: Map<string, Glob[]>): void {
  for (const glob of globs)
    for (const token of glob) if (token.kind === 'variable') literalsOf(token.key, named);
}

/** The list for a key that has a shape. */
function literalsOf(key: string, named: Map<string, Glob[]>): Glob[] | undefined {
  if (SHAPES[key] === undefined) return undefined;
  const literals = named.get(key) ?? [];
  named.set(key, literals);
  return literals;
}
