/**
 * Resources that a witness can name: an ARN as AWS writes it, within the formats that an action takes and the patterns
 * that a statement names. They are proposals; whoever takes one has it confirmed.
 */
import { matchPattern } from '../evaluator/matchPattern.ts';
import { PARTITIONS, parseArn, regionsOf } from '../policy/arn.ts';
import type { Pattern, ResourcePattern, Statement } from '../policy/ast.ts';

/** Values of variables in resource patterns: those of the request that is made plain. */
type ValueOfVariable = (key: string) => string | undefined;

const MAX_PATTERNS = 4;

/**
 * Returns resources of one of the formats (`s3:::{BucketName}`) that the statement may name, most telling first. They
 * hold the patterns' own letters; what is open is filled with names by which a reader knows what is meant.
 */
export function* resourcesOf(
  formats: readonly string[],
  { resource }: Statement,
  variableValue: ValueOfVariable,
): Iterable<string> {
  const all = formats.map(filledOnce);
  if (resource === undefined || resource.negated) {
    for (const filled of all) yield filled.join(':');
    return;
  }
  // A format that a pattern has whole comes before one that must be fitted into it.
  for (const filled of all) {
    const pattern = resource.patterns.find((one) => namesEntity(one, filled[5] ?? ''));
    if (pattern !== undefined) yield* within(pattern, filled, variableValue);
  }
  for (const format of formats) {
    const [start = ''] = format.split(':').slice(3).join(':').split(/[{*]/);
    for (const pattern of resource.patterns.slice(0, MAX_PATTERNS)) {
      for (const text of within(pattern, filledOnce(format), variableValue))
        if (parseArn(text).resource.startsWith(start)) yield text;
    }
  }
}

function namesEntity(pattern: ResourcePattern, entity: string): boolean {
  return pattern.kind === 'any' || (pattern.kind === 'arn' && matchPattern(pattern.parts[5], entity));
}

const filledFormats = new Map<string, readonly string[]>();

/** The six parts of the format with names in their places. The reference has a few thousand formats. */
function filledOnce(format: string): readonly string[] {
  let filled = filledFormats.get(format);
  if (filled === undefined) {
    const [service = '', region = '', account = '', ...rest] = format.split(':');
    filled = ['arn', '{Partition}', service, region, account, rest.join(':')].map(fill);
    filledFormats.set(format, filled);
  }
  return filled;
}

function within(
  pattern: ResourcePattern,
  filled: readonly string[],
  variableValue: ValueOfVariable,
): string[] {
  if (pattern.kind === 'any') return [filled.join(':')];
  if (pattern.kind === 'whole') {
    const whole = filled.join(':');
    if (matchPattern(pattern.pattern, whole)) return [whole];
    return textsOf(pattern.pattern, variableValue, { fillings: [`${filled[3]}:${filled[4]}`] });
  }
  if (pattern.kind !== 'arn') return [];
  const chosen = (index: number, usual: readonly string[]) => {
    const token = pattern.parts[index] ?? [];
    const part = filled[index] ?? '';
    const known = usual.find((text) => matchPattern(token, text));
    return known ?? textsOf(token, variableValue, { fillings: [part] })[0] ?? part;
  };
  const partition = chosen(1, PARTITIONS);
  const head = filled.slice(0, 5).map((part, index) => {
    if (index === 1) return partition;
    return chosen(index, part === NAMES['Region'] ? regionsOf(partition) : [part]);
  });
  const entity = filled[5] ?? '';
  const last = pattern.parts[5];
  const valuesOf = (key: string) => {
    const value = variableValue(key);
    return value === undefined ? [] : [value];
  };
  if (matchPattern(last, entity, { valuesOf })) return [[...head, entity].join(':')];
  // The end of the filled name from each of its separators on: what stands behind a bucket's name in an object's.
  const tails = [...entity.matchAll(/[:/]/g)].map(({ index }) => entity.slice(index));
  const ends = tails.toReversed().map((tail) => tail.slice(1));
  const fillings = ['example', ...ends, ...tails, ...tails.map((tail) => `example${tail}`), ''];
  // Before a first wildcard may stand what the filled name begins with: `endpoint/` of `*Canvas*`.
  const beginnings = [...entity.matchAll(/[:/]/g)].map(({ index }) => entity.slice(0, index + 1));
  return ['example', ...beginnings].flatMap((beginning) =>
    textsOf(last, variableValue, { fillings: [...new Set(fillings)], beginning }).map((text) =>
      [...head, text].join(':'),
    ),
  );
}

/**
 * The pattern's texts: its last star as one of `fillings`, those before it as `example`, but for a first one that the
 * text begins with. None where a variable has no value.
 */
function textsOf(
  pattern: Pattern,
  variableValue: ValueOfVariable,
  { fillings, beginning = 'example' }: { readonly fillings: readonly string[]; readonly beginning?: string },
): string[] {
  const last = pattern.findLastIndex(({ kind }) => kind === 'star');
  let head = '';
  let tail = '';
  for (const [index, token] of pattern.entries()) {
    if (index === last) continue;
    const value =
      token.kind === 'text'
        ? token.text
        : token.kind === 'variable'
          ? (variableValue(token.key) ?? token.defaultText)
          : token.kind === 'star'
            ? index === 0
              ? beginning
              : 'example'
            : '1';
    if (value === undefined) return [];
    if (last < 0 || index < last) head += value;
    else tail += value;
  }
  if (last < 0) return [head];
  return fillings.map((filling) => `${head}${filling}${tail}`);
}

const ACCOUNT = '111122223333';

/** Names that are told by their shape; others are `example-` and what they name. */
const NAMES: { readonly [placeholder: string]: string } = {
  Partition: 'aws',
  Region: 'us-east-1',
  Account: ACCOUNT,
  AccountId: ACCOUNT,
  UserNameWithPath: 'Alice',
  RoleNameWithPath: 'Example',
  InstanceId: 'i-0123456789abcdef0',
  KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
  ImageId: 'ami-0123456789abcdef0',
  VpcId: 'vpc-0123456789abcdef0',
  SubnetId: 'subnet-0123456789abcdef0',
  SecurityGroupId: 'sg-0123456789abcdef0',
  VolumeId: 'vol-0123456789abcdef0',
  SnapshotId: 'snap-0123456789abcdef0',
  Stage: 'prod',
  Method: 'GET',
  ApiSpecificResourcePath: 'path',
};

function fill(part: string): string {
  return part.replaceAll(/\{([^}]*)\}|\*/g, (_, name: string | undefined) => {
    if (name === undefined) return 'example';
    const known = NAMES[name];
    if (known !== undefined) return known;
    const words = name.replace(/(NameWithPath|WithPath|WithoutLeadingSlash|Name|Id)$/, '');
    const kebab = words.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
    return kebab === '' ? 'example' : `example-${kebab}`;
  });
}

/** Returns the pattern's letters, what is open left out but for one `x` a `?`. */
export function plainText(pattern: Pattern): string {
  return pattern
    .map((token) => (token.kind === 'text' ? token.text : token.kind === 'question' ? 'x' : ''))
    .join('');
}
