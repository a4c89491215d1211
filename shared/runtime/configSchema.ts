/** What a configuration file may say, and what it means where it says nothing. */
import * as v from 'valibot';
import { PRESETS } from '../consequences/accessRules.ts';
import { GRADES } from '../consequences/grade.ts';
import type { Config, CriticalAccess } from '../guard/config.ts';
import {
  ACCOUNT_ID,
  actionProblem,
  ORGANIZATION_ID,
  resourceProblem,
  SERVICE_PRINCIPAL,
  shownName,
} from '../policy/identifiers.ts';
import { trustProblem } from '../policy/trustedProviders.ts';
import { TARGET_KINDS } from '../targets/kindNames.ts';

/** An object of these members and no others. Valibot itself takes a list for an object. */
const members = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.custom<object>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'must be an object',
    ),
    v.strictObject(entries),
  );

const text = (what: string) =>
  v.pipe(v.string(`${what} must be a text`), v.nonEmpty(`${what} must not be empty`));

const kind = v.picklist(TARGET_KINDS, `must be one of ${TARGET_KINDS.join(', ')}`);

const kinds = v.optional(
  v.pipe(
    v.array(kind, 'must be a list of kinds'),
    v.minLength(1, 'must list at least one kind; leave it out to mean every kind'),
  ),
);

const check = v.picklist(
  ['no-new-access', 'access-not-granted', 'no-public-access', 'no-external-access'],
  'must be no-new-access, access-not-granted, no-public-access or no-external-access',
);

const account = v.pipe(
  v.string('an account must be a text of 12 digits'),
  v.regex(ACCOUNT_ID, 'an account must be a text of 12 digits'),
);

const organization = v.pipe(
  v.string('an organization must be an id such as o-a1b2c3d4e5'),
  v.regex(ORGANIZATION_ID, 'an organization must be an id such as o-a1b2c3d4e5'),
);

const region = v.pipe(
  v.string('a Region must be a text such as eu-west-1'),
  v.regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'a Region must be a text such as eu-west-1'),
);

const EXPIRES =
  'must be a date (2027-01-31, until its end in UTC) or an instant with its zone (2027-01-31T17:00:00Z)';

/** A date means its end, so that an exception holds on the day it names. */
const instant = v.pipe(
  v.string(EXPIRES),
  v.regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/, EXPIRES),
  v.check((value) => isDay(value.slice(0, 10)) && !Number.isNaN(Date.parse(value)), EXPIRES),
  v.transform((value) => new Date(value.length === 10 ? `${value}T23:59:59.999Z` : value).toISOString()),
);

/** `Date.parse` takes 30 February for 2 March. */
function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

const between = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
};

const SERVICE = 'a service must be a principal such as ec2.amazonaws.com or *.amazonaws.com';
const service = v.pipe(v.string(SERVICE), v.regex(SERVICE_PRINCIPAL, SERVICE));

/** Names that are listed to be found: one that can match nothing would make a list that never fires. */
const listed = (what: string, problemOf: (text: string) => string | undefined) =>
  v.pipe(
    v.array(
      v.pipe(
        text(what),
        v.rawCheck(({ dataset, addIssue }) => {
          const problem = dataset.typed ? problemOf(dataset.value) : undefined;
          if (problem !== undefined && dataset.typed)
            addIssue({ message: `${shownName(dataset.value)} ${problem}` });
        }),
      ),
      `must be a list of texts, each ${what}`,
    ),
    v.minLength(1, `must not be empty: list ${what}, or leave the member out to mean any`),
  );

/** Matched against whole ARNs. */
const arnPatterns = v.array(
  v.pipe(
    text('an ARN pattern'),
    v.regex(/^(?:[*?]|arn:)/, 'must be an ARN pattern: begin with `arn:` or a wildcard'),
    v.check(
      (pattern) => (pattern.match(/(?<=:)\d+(?=:)/g) ?? []).every((digits) => ACCOUNT_ID.test(digits)),
      'must name accounts by 12 digits',
    ),
  ),
  'must be a list of texts, each an ARN pattern',
);

const criticalAccess = v.pipe(
  members({
    name: text('a name'),
    actions: v.optional(listed('an action', actionProblem)),
    resources: v.optional(listed('a resource', resourceProblem)),
    kinds,
  }),
  v.check(
    (entry) => entry.actions !== undefined || entry.resources !== undefined,
    'must list `actions`, `resources` or both',
  ),
);

/** Where the presets are asked: of what grants something to a principal. */
const OF_PRINCIPALS = ['managed-policy', 'iam-principal', 'permission-set'] as const;

const preset = v.picklist(
  Object.keys(PRESETS),
  `must be one of ${Object.keys(PRESETS).join(', ')}, or {name, actions, resources, kinds}`,
);

/** A built-in list by its name, or a list of one's own. */
export const LISTS = [preset, criticalAccess] as const;
const listOrPreset = v.lazy((input) => (typeof input === 'string' ? preset : criticalAccess));

type Listed = v.InferOutput<typeof listOrPreset>;

/** Returns the entry that a preset stands for, or the entry itself. */
function toEntry(one: Listed): CriticalAccess {
  if (typeof one !== 'string') return dropUndefined(one) as CriticalAccess; // Only members that hold undefined go.
  const [first = {}, ...also] = PRESETS[one] ?? [];
  return { name: one, ...first, also, kinds: OF_PRINCIPALS };
}

/**
 * Full administration: whoever may do one of these to a role, user, group or policy that no statement names in particular
 * can give itself everything. `AdministratorAccess` and `IAMFullAccess` grant it, `PowerUserAccess` does not, and neither
 * does a statement about roles of a given prefix. `iam:CreateAccessKey` is left out: the everyday statement that lets
 * users manage their own keys (`user/${aws:username}`) would count.
 */
const FULL_ADMINISTRATION: CriticalAccess = { ...toEntry('administration'), name: 'full administration' };

const NO_MEMBERS = { accounts: [], regions: [] };

const DEFAULT_ZONE = {
  accounts: [],
  organizations: [],
  services: ['*.amazonaws.com'],
  servicesOnBehalf: [],
  identityProviders: [],
  identityCenter: true,
};

const identityProvider = v.pipe(
  members({
    provider: text('a provider'),
    claims: v.optional(
      v.record(
        text('a claim'),
        v.pipe(
          v.array(text('a value'), 'must be a list of texts, each a value of the claim'),
          v.minLength(1, 'must list at least one value'),
        ),
        'must be an object of claims, each with a list of values',
      ),
    ),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { provider, claims } = dataset.value;
    const problem = trustProblem({ provider, ...(claims === undefined ? {} : { claims }) });
    if (problem !== undefined) addIssue({ message: `\`${provider}\` ${problem}` });
  }),
);

/** The whole file. Members that it does not know are errors: a misspelt guard is an open door. */
export const configSchema = members({
  /** For editors; not read. */
  $schema: v.optional(v.string()),
  zoneOfTrust: v.optional(
    members({
      accounts: v.optional(v.array(account, 'must be a list of accounts'), DEFAULT_ZONE.accounts),
      organizations: v.optional(
        v.array(organization, 'must be a list of organizations'),
        DEFAULT_ZONE.organizations,
      ),
      services: v.optional(v.array(service, 'must be a list of service principals'), DEFAULT_ZONE.services),
      servicesOnBehalf: v.optional(
        v.array(service, 'must be a list of service principals'),
        DEFAULT_ZONE.servicesOnBehalf,
      ),
      identityProviders: v.optional(
        v.array(identityProvider, 'must be a list of {provider, claims}'),
        DEFAULT_ZONE.identityProviders,
      ),
      identityCenter: v.optional(v.boolean('must be true or false'), DEFAULT_ZONE.identityCenter),
    }),
    DEFAULT_ZONE,
  ),
  criticalAccess: v.optional(
    v.pipe(
      v.array(listOrPreset, 'must be a list of presets by name and of {name, actions, resources, kinds}'),
      v.check(
        (list) => new Set(list.map((one) => (typeof one === 'string' ? one : one.name))).size === list.length,
        "must not use a name twice: the name is part of a finding's identity",
      ),
    ),
  ),
  targets: v.optional(
    v.array(
      members({
        match: text('a match'),
        kinds,
        mode: v.picklist(['observe', 'rollback'], 'must be observe or rollback'),
        restore: v.optional(v.picklist(['tighten', 'previous'], 'must be tighten or previous')),
      }),
      'must be a list of {match, kinds, mode}',
    ),
    [],
  ),
  exceptions: v.optional(
    v.array(
      members({
        match: text('a match'),
        check: v.optional(check),
        owner: text('an owner'),
        reason: text('a reason'),
        expires: instant,
      }),
      'must be a list of {match, check, owner, reason, expires}',
    ),
    [],
  ),
  deployers: v.optional(arnPatterns, []),
  breakGlass: v.optional(arnPatterns, []),
  ownResources: v.optional(arnPatterns, []),
  members: v.optional(
    members({
      accounts: v.optional(v.array(account, 'must be a list of accounts'), NO_MEMBERS.accounts),
      regions: v.optional(v.array(region, 'must be a list of Regions'), NO_MEMBERS.regions),
    }),
    NO_MEMBERS,
  ),
  breaker: v.optional(members({ maxRollbacksPerHour: v.optional(between(0, 100), 3) }), {
    maxRollbacksPerHour: 3,
  }),
  groupingMinutes: v.optional(between(0, 1440), 15),
  interruptFrom: v.optional(v.picklist(GRADES, `must be one of ${GRADES.join(', ')}`), 'HIGH'),
  digestHour: v.optional(between(0, 23), 6),
  solver: v.optional(
    members({
      choice: v.optional(
        v.picklist(['auto', 'atoms', 'z3', 'both'], 'must be auto, atoms, z3 or both'),
        'auto',
      ),
      timeoutMs: v.optional(between(1, 600_000), 10_000),
    }),
    { choice: 'auto', timeoutMs: 10_000 },
  ),
});

/** Returns the configuration of a parsed file without its editor member. */
export function toConfig({
  $schema: _,
  criticalAccess: lists,
  ...parsed
}: v.InferOutput<typeof configSchema>): Config {
  const entries = lists?.map(toEntry) ?? [FULL_ADMINISTRATION];
  return dropUndefined({ ...parsed, criticalAccess: entries }) as Config; // Only members that hold undefined are dropped, and those are optional in `Config`.
}

function dropUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropUndefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [[key, dropUndefined(member)]],
    ),
  );
}
