/**
 * Values that AWS itself writes in a request's context have a shape. A request with another value cannot be made, so a
 * witness shows none where it has the choice. What a policy names in full counts as well-shaped: its author knows it.
 * Source: Organizations API Reference, the patterns of organization, root and unit ids; IAM User Guide, "AWS global
 * condition context keys", for the form of paths, accounts and ARNs; EC2 API Reference, ids of resources.
 */
import { and, not, PART, REST, someOtherValue, text } from '../formula/build.ts';
import type { Formula, Glob, GlobToken } from '../formula/formula.ts';
import { toTable } from '../policy/table.ts';

const CHAR: GlobToken = { kind: 'one', of: 'notSlashOrColon' };
const CHARS: GlobToken = { kind: 'star', of: 'notSlashOrColon' };
const DIGIT: GlobToken = { kind: 'one', of: 'digit' };
const times = (count: number, token: GlobToken): Glob => Array.from({ length: count }, () => token);

const ORGANIZATION: Glob = [...text('o-'), ...times(10, CHAR), CHARS];
const ROOT: Glob = [...ORGANIZATION, ...text('/r-'), ...times(4, CHAR), CHARS, ...text('/')];
const PATH: readonly Glob[] = [ROOT, [...ROOT, ...text('ou-'), ...times(4, CHAR), REST, ...text('/')]];
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
const idOf = (prefix: string): Glob => [...text(`${prefix}-`), ...times(8, CHAR), CHARS];

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
  'aws:sourcevpc': [idOf('vpc')],
  'aws:sourcevpce': [idOf('vpce')],
});

/** Returns a formula that is true iff each key which `formula` tests, and which AWS itself fills, holds only values of its shape. */
export function wellShaped(formula: Formula): Formula {
  const named = new Map<string, Glob[]>();
  collect(formula, named);
  return and(
    [...named].map(([key, literals]) => {
      const globs = [...(SHAPES[key] ?? []), ...literals];
      return not(someOtherValue(key, { kind: 'text', globs }));
    }),
  );
}

/** Returns the values that the formula compares the key with in full, for a key that has a shape. */
export function valuesNamed(formula: Formula, key: string): string[] {
  const named = new Map<string, Glob[]>();
  collect(formula, named);
  return (named.get(key) ?? []).flatMap(([token]) => (token?.kind === 'text' ? [token.text] : []));
}

/** The shaped keys that the formula tests, each with the values that it is compared with in full. */
function collect(formula: Formula, named: Map<string, Glob[]>): void {
  switch (formula.kind) {
    case 'and':
    case 'or':
      for (const arg of formula.args) collect(arg, named);
      break;
    case 'not':
      collect(formula.arg, named);
      break;
    case 'present':
    case 'several':
    case 'some': {
      if (SHAPES[formula.key] === undefined) break;
      const literals = named.get(formula.key) ?? [];
      named.set(formula.key, literals);
      if (formula.kind !== 'some' || formula.test.kind !== 'text') break;
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
