/** The rules that formats share: only the names of properties differ. */
import { endpointRole } from '../../../shared/targets/documentSyntax.ts';
import type { PartRole } from '../../../shared/targets/target.ts';
import type { FacetName } from '../facets.ts';
import { isFields, listOf } from '../fields.ts';
import type { Part, PartReference } from '../state.ts';
import { hasSymbol, Opaque, spell } from '../symbols.ts';
import {
  arnFor,
  attachment,
  attachments,
  boundary,
  composed,
  type Declared,
  documentAt,
  factOf,
  inlineParts,
  itself,
  named,
  opaquePart,
  partAt,
  principalOf,
  type Rule,
} from './declared.ts';

type HolderProperties = {
  readonly name: string;
  readonly trust?: string;
  readonly inline?: { readonly list: string; readonly name: string; readonly document: string };
  readonly attached?: string;
  readonly boundary?: string;
  readonly groups?: string;
};

/** A role, user or group with what it states of itself. */
export function holder(type: string, properties: HolderProperties, facet: FacetName = 'permissions'): Rule {
  return (declared) => {
    const entity = itself(type, declared, properties.name);
    const attached = properties.attached === undefined ? NONE : attachments(declared, properties.attached);
    const limit = properties.boundary === undefined ? NONE : boundary(declared, properties.boundary);
    const inline =
      properties.inline === undefined ? [] : inlineParts(declared, properties.inline.list, properties.inline);
    const groups = properties.groups === undefined ? [] : memberships(declared, properties.groups);
    const facts = [
      factOf(declared, {
        entity,
        facet,
        defines: true,
        parts: [...inline, ...attached.parts, ...limit.parts],
        references: [...attached.references, ...limit.references, ...groups],
      }),
    ];
    if (properties.trust === undefined) return facts;
    return [
      ...facts,
      factOf(declared, { entity, facet: 'trust', defines: true, parts: partAt(declared, properties.trust) }),
    ];
  };
}

const NONE = { parts: [], references: [] } as const;

function memberships(declared: Declared, property: string) {
  return listOf(declared.get(property)).flatMap((group) =>
    typeof group === 'string'
      ? [
          {
            id: `group:${group}`,
            role: 'grant' as const,
            to: { type: 'group', ids: [named('group', group, declared).ids[0] ?? group] },
            region: declared.region([property]),
          },
        ]
      : [],
  );
}

/** A document that other resources hold inline: `{ role: 'Roles' }` names the property that lists them. */
export function inlineFor(of: { readonly [type: string]: string }, document: string, name: string): Rule {
  return (declared) =>
    holdersOf(declared, of).map(({ entity, isOpaque }) => {
      const given = declared.get(name);
      const id = `inline:${typeof given === 'string' ? spell(given) : spell(declared.self)}`;
      const opaque = isOpaque ? [opaquePart(declared, 'holders', UNKNOWN_HOLDER)] : [];
      return factOf(declared, {
        entity,
        facet: entity.type === 'permission-set' ? 'permission-set' : 'permissions',
        parts: [...partAt(declared, document, { id, role: 'grant' }), ...opaque],
      });
    });
}

const UNKNOWN_HOLDER = new Opaque('holders', 'whom it belongs to is not known');

function holdersOf(declared: Declared, of: { readonly [type: string]: string }) {
  const found = Object.entries(of).flatMap(([type, property]) => {
    const value = declared.get(property);
    if (value instanceof Opaque) return [{ entity: { type, ids: [`?${declared.label}`] }, isOpaque: true }];
    return listOf(value).map((each) => ({ entity: named(type, each, declared), isOpaque: false }));
  });
  if (found.length > 0) return found;
  // Nobody is named: whoever it belongs to is not of this state.
  const [type] = Object.keys(of);
  return type === undefined ? [] : [{ entity: { type, ids: [`?${declared.label}`] }, isOpaque: false }];
}

/** A policy attached to holders. */
export function attachTo(
  of: { readonly [type: string]: string },
  policy: string,
  role: 'grant' | 'boundary' = 'grant',
): Rule {
  return (declared) =>
    holdersOf(declared, of).map(({ entity }) => {
      const facet = entity.type === 'permission-set' ? ('permission-set' as const) : ('permissions' as const);
      if (role === 'boundary') return factOf(declared, { entity, facet, ...boundary(declared, policy) });
      return factOf(declared, { entity, facet, ...attachments(declared, policy) });
    });
}

/** The only attachments that a holder is to have: others that it has go away. */
export function attachOnly(of: { readonly [type: string]: string }, policies: string): Rule {
  return (declared) =>
    attachTo(
      of,
      policies,
    )(declared).map((fact) => ({
      ...fact,
      parts: [
        ...fact.parts,
        composed(declared, ONLY_ATTACHED, { Version: '2012-10-17', Statement: [] }, 'grant'),
      ],
    }));
}

/** Marks that no attachment is there but those stated. */
export const ONLY_ATTACHED = 'only:attached';

/** A managed policy, and the holders that it names itself. */
export function managedPolicy(
  name: string,
  document: string,
  of: { readonly [type: string]: string } = {},
): Rule {
  return (declared) => {
    const entity = itself('policy', declared, name);
    const parts = partAt(declared, document, { role: 'grant' });
    const holders = Object.entries(of).flatMap(([type, property]) =>
      listOf(declared.get(property)).map((each) => named(type, each, declared)),
    );
    const [id = declared.self] = entity.ids;
    const reference = { ...attachment(declared, id, []), to: entity };
    return [
      factOf(declared, { entity, facet: 'managed-policy', defines: true, parts }),
      ...holders.map((each) =>
        factOf(declared, { entity: each, facet: 'permissions', references: [reference] }),
      ),
    ];
  };
}

/** A user's groups, or a group's users. */
export function membership(user: string, group: string): Rule {
  return (declared) =>
    listOf(declared.get(user)).map((each) =>
      factOf(declared, {
        entity: named('user', each, declared),
        facet: 'permissions',
        references: memberships(declared, group),
      }),
    );
}

/** Something that runs with a role's permissions. */
export function withRole(type: string, name: string, roles: string): Rule {
  return (declared) => [
    factOf(declared, {
      entity: itself(type, declared, name),
      facet: 'permissions',
      defines: true,
      ...rolesOf(
        declared,
        listOf(declared.get(roles)).map((role) => ['role', role]),
        roles,
      ),
    }),
  ];
}

/** The permissions of roles, each under a word for who has it. */
export function rolesOf(
  declared: Declared,
  roles: readonly (readonly [who: string, role: unknown])[],
  property: string,
): { readonly parts: Part[]; readonly references: PartReference[] } {
  const parts = roles.flatMap(([who, role]) =>
    role instanceof Opaque ? [opaquePart(declared, `${property}.${who}`, role)] : [],
  );
  const references = roles.flatMap(([who, role]) =>
    typeof role === 'string' && role !== ''
      ? [
          {
            id: `${who}:${role}`,
            role: 'grant' as const,
            to: named(/instance_?profile/i.test(who) ? 'instance-profile' : 'role', role, declared),
            region: declared.region([property]),
          },
        ]
      : [],
  );
  return { parts, references };
}

/** A resource that other rules give policies to. */
export function makes(type: string, name?: string): Rule {
  return (declared) => [
    factOf(declared, { entity: itself(type, declared, name), facet: 'none', defines: true }),
  ];
}

type DocumentRule = {
  readonly facet: FacetName;
  readonly type: string;
  /** The property that names whose document it is; absent: the resource's own. */
  readonly of?: string;
  readonly name?: string;
  readonly role?: PartRole | ((declared: Declared) => PartRole);
};

/** The document of a property: the resource's own, or that of what a property names. */
export function document(property: string, { facet, type, of, name, role = 'resource' }: DocumentRule): Rule {
  return (declared) => {
    const value = of === undefined ? undefined : declared.get(of);
    const entities =
      of === undefined
        ? [itself(type, declared, name)]
        : listOf(value).map((each) => named(type, each, declared));
    const all = entities.length === 0 ? [{ type, ids: [`?${declared.label}`] }] : entities;
    const parts = partAt(declared, property, { role: typeof role === 'string' ? role : role(declared) });
    // Several texts may stand for one resource: each is a part of its own.
    const own =
      of === undefined ? parts : parts.map((part) => ({ ...part, id: `document:${spell(declared.self)}` }));
    return all.map((entity) => factOf(declared, { entity, facet, defines: of === undefined, parts: own }));
  };
}

/**
 * The role of a VPC endpoint's policy, by the property that holds the endpoint's type. Source: CloudFormation's
 * `AWS::EC2::VPCEndpoint` and Terraform's `aws_vpc_endpoint`: `Gateway` unless another is given.
 */
export function endpointIn(property: string): (declared: Declared) => PartRole {
  return (declared) => {
    const type = declared.get(property) ?? 'Gateway';
    return endpointRole(typeof type === 'string' && !hasSymbol(type) ? type : undefined);
  };
}

/**
 * What keeps everybody outside one network from an access point, whatever its policy says (S3 User Guide, "Creating
 * access points restricted to a virtual private cloud").
 */
export function networkOrigin(property: string, vpc: string, name: string): Rule {
  return (declared) => {
    const [origin] = listOf(declared.get(property));
    if (!isFields(origin)) return [];
    const part = composed(declared, 'network-origin', {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:SourceVpc': origin[vpc] } },
        },
      ],
    });
    return [
      factOf(declared, { entity: itself('access-point', declared, name), facet: 'document', parts: [part] }),
    ];
  };
}

/** One statement, given by its elements: what a permission of Lambda is. */
export function permission(
  {
    type,
    facet,
    of,
    action,
    principal,
    prefix,
    condition: written,
  }: {
    readonly type: string;
    readonly facet: FacetName;
    readonly of: string;
    readonly action: string;
    readonly principal: string;
    readonly prefix: string;
    /** The property that holds one condition by its type, key and value. */
    readonly condition?: string;
  },
  conditions: { readonly [property: string]: readonly [operator: string, key: string] },
): Rule {
  return (declared) => {
    const condition: { [operator: string]: { [key: string]: unknown } } = {};
    for (const [property, [operator, key]] of Object.entries(conditions)) {
      const value = declared.get(property);
      if (value === undefined || value === null || value === '') continue;
      condition[operator] = {
        ...condition[operator],
        [key]: typeof value === 'boolean' ? String(value) : value,
      };
    }
    const [only] = written === undefined ? [] : listOf(declared.get(written));
    if (isFields(only)) {
      const { Type = only['type'], Key = only['key'], Value = only['value'] } = only;
      condition[String(Type)] = { [String(Key)]: Value };
    }
    const target = declared.get(of);
    const statement = {
      Effect: 'Allow',
      Principal: principalOf(declared.get(principal)),
      Action: declared.get(action),
      Resource: target === undefined ? '*' : functionArn(target, prefix),
      ...(only instanceof Opaque
        ? { Condition: only }
        : Object.keys(condition).length > 0
          ? { Condition: condition }
          : {}),
    };
    const part = composed(declared, `statement:${spell(declared.self)}`, {
      Version: '2012-10-17',
      Statement: [statement],
    });
    return [factOf(declared, { entity: named(type, target, declared), facet, parts: [part] })];
  };
}

/** A function is named by its ARN, by `ACCOUNT:function:NAME`, or by its name, each with or without a qualifier. */
function functionArn(name: unknown, prefix: string): unknown {
  if (typeof name !== 'string') return name;
  const [, account, short] = /^(\d{12}):function:(.*)$/.exec(name) ?? [];
  if (account !== undefined) return `arn:aws:lambda:*:${account}:function:${short}`;
  return arnFor(name, prefix);
}

/** Everything that the resource states, by several rules. */
export function all(...rules: readonly Rule[]): Rule {
  return (declared) => rules.flatMap((rule) => rule(declared));
}

/** Documents in blocks of a list: `replica[].resource_policy.policy_document`. */
export function documentsIn(
  property: string,
  path: readonly string[],
  rule: Pick<DocumentRule, 'facet' | 'type' | 'name'>,
): Rule {
  return (declared) => {
    const entity = itself(rule.type, declared, rule.name);
    const parts: Part[] = [];
    for (const [index, block] of listOf(declared.get(property)).entries()) {
      const value = path.reduce<unknown>((found, step) => (isFields(found) ? found[step] : undefined), block);
      if (value === undefined || value === null || value === '') continue;
      parts.push({
        id: `document:${index}`,
        role: 'resource',
        document: documentAt(declared, value, [property, index]),
      });
    }
    return [factOf(declared, { entity, facet: rule.facet, defines: true, parts })];
  };
}

type PermissionSetProperties = {
  readonly name: string;
  readonly inline: string;
  readonly attached: string;
  /** A list of customer managed policies by name. */
  readonly customer: string;
  /** An object with either sort of policy. */
  readonly boundary: string;
};

/** A permission set of IAM Identity Center with what it states of itself. */
export function permissionSet(properties: PermissionSetProperties): Rule {
  return (declared) => {
    const attached = attachments(declared, properties.attached);
    return [
      factOf(declared, {
        entity: itself('permission-set', declared, properties.name),
        facet: 'permission-set',
        defines: true,
        parts: [...partAt(declared, properties.inline, { id: 'inline', role: 'grant' }), ...attached.parts],
        references: [
          ...attached.references,
          ...listOf(declared.get(properties.customer)).flatMap((each) =>
            customerReference(declared, each, 'grant'),
          ),
          ...listOf(declared.get(properties.boundary)).flatMap((each) =>
            customerReference(declared, each, 'boundary'),
          ),
        ],
      }),
    ];
  };
}

/** Returns the reference of an object that names AWS's policy by ARN or the customer's by name. */
export function customerReference(
  declared: Declared,
  given: unknown,
  role: 'grant' | 'boundary',
): PartReference[] {
  if (!isFields(given)) return [];
  const { Name: name = given['name'], ManagedPolicyArn: arn = given['managed_policy_arn'] } = given;
  const [inner] = listOf(
    given['CustomerManagedPolicyReference'] ?? given['customer_managed_policy_reference'],
  );
  if (typeof arn === 'string' && arn !== '')
    return [
      { ...attachment(declared, arn, []), id: `${role === 'grant' ? 'attached' : 'boundary'}:${arn}`, role },
    ];
  if (typeof name !== 'string') return inner === undefined ? [] : customerReference(declared, inner, role);
  const id = `${role === 'grant' ? 'attached' : 'boundary'}:${name}`;
  return [{ id, role, to: { type: 'policy', ids: [name] }, region: declared.region([]) }];
}

/** Something that runs with a role's permissions, within a session policy of its own. */
export function session(
  type: string,
  {
    place,
    roles,
    policy,
  }: { readonly place: readonly string[]; readonly roles: string; readonly policy: string },
): Rule {
  return (declared) => {
    const where = place.map((each) => declared.get(each));
    const id = where.every((each) => typeof each === 'string') ? [where.join('/')] : [];
    const limit = partAt(declared, policy, { id: 'session', role: 'boundary' });
    return withRole(
      type,
      '',
      roles,
    )(declared).map((fact) => ({
      ...fact,
      entity: { type, ids: [declared.self, ...id] },
      parts: [...fact.parts, ...limit],
    }));
  };
}

type ProfileProperties = {
  readonly name: string;
  readonly roles: string;
  /** Managed policies and a document that limit its sessions. */
  readonly policies: string;
  readonly session: string;
  readonly enabled: string;
};

/** A profile of Roles Anywhere: the permissions of its roles, within its session policies. */
export function sessionProfile({ name, roles, policies, session, enabled }: ProfileProperties): Rule {
  return (declared) => {
    // Nobody signs in through one that is switched off.
    const isOff = String(declared.get(enabled)) === 'false';
    const { parts, references } = attachments(declared, policies);
    const limit = { role: 'boundary' } as const;
    return [
      ...withRole(
        'profile',
        name,
        roles,
      )(declared).map((fact) => (isOff ? { ...fact, references: [] } : fact)),
      factOf(declared, {
        entity: itself('profile', declared, name),
        facet: 'permissions',
        parts: [
          ...parts.map((part) => ({ ...part, ...limit })),
          ...partAt(declared, session, { id: 'session', ...limit }),
        ],
        references: references.map((reference) => ({ ...reference, ...limit })),
      }),
    ];
  };
}
