/** Output of `aws iam get-account-authorization-details`, whole or per user, group and role. Source: IAM API Reference. */
import { type Fields, isFields, listOf, type Path } from '../fields.ts';
import type { Fact } from '../state.ts';
import { ownSymbol } from '../symbols.ts';
import { attachment, boundary, type Declared, factOf, inlineParts, partAt } from './declared.ts';
import type { Source } from './source.ts';

const LISTS = [
  ['RoleDetailList', 'role', 'RoleName', 'RolePolicyList'],
  ['UserDetailList', 'user', 'UserName', 'UserPolicyList'],
  ['GroupDetailList', 'group', 'GroupName', 'GroupPolicyList'],
] as const;

/** Returns true iff the value is such an output. */
export function isAccountDetails(value: unknown): value is Fields {
  return isFields(value) && LISTS.some(([list]) => Array.isArray(value[list]));
}

/** Returns the facts of every holder and policy. */
export function readAccountDetails({ value, regionOf }: Source, file: string): Fact[] {
  if (!isFields(value)) return [];
  const holders = LISTS.flatMap(([list, type, name, inline]) =>
    listOf(value[list]).flatMap((each, index): Fact[] => {
      if (!isFields(each)) return [];
      const declared = declaredAt(each, [list, index], {
        file,
        regionOf,
        label: String(each[name] ?? index),
      });
      const entity = { type, ids: [String(each[name] ?? declared.self)] };
      const limit = each['PermissionsBoundary'];
      const limitOf = {
        ...declared,
        get: () => (isFields(limit) ? limit['PermissionsBoundaryArn'] : undefined),
      };
      const { parts, references } = boundary(limitOf, 'PermissionsBoundary');
      const attached = listOf(each['AttachedManagedPolicies']).flatMap((one) =>
        isFields(one) && typeof one['PolicyArn'] === 'string'
          ? [attachment(declared, one['PolicyArn'], ['AttachedManagedPolicies'])]
          : [],
      );
      const groups = listOf(each['GroupList']).map((group) => ({
        id: `group:${String(group)}`,
        role: 'grant' as const,
        to: { type: 'group', ids: [String(group)] },
        region: declared.region(['GroupList']),
      }));
      const held = inlineParts(declared, inline, { name: 'PolicyName', document: 'PolicyDocument' });
      const facts = [
        factOf(declared, {
          entity,
          facet: 'permissions',
          defines: true,
          parts: [...held, ...parts],
          references: [...attached, ...groups, ...references],
        }),
      ];
      if (type !== 'role') return facts;
      return [
        ...facts,
        factOf(declared, {
          entity,
          facet: 'trust',
          defines: true,
          parts: partAt(declared, 'AssumeRolePolicyDocument'),
        }),
      ];
    }),
  );
  const policies = listOf(value['Policies']).flatMap((each, index): Fact[] => {
    if (!isFields(each)) return [];
    const versions = listOf(each['PolicyVersionList']);
    const at = versions.findIndex((one) => isFields(one) && one['IsDefaultVersion'] === true);
    const version = versions[at];
    if (!isFields(version)) return [];
    const name = String(each['PolicyName'] ?? index);
    const declared = declaredAt(version, ['Policies', index, 'PolicyVersionList', at], {
      file,
      regionOf,
      label: name,
    });
    const arn = String(each['Arn'] ?? '');
    const ids = arn.includes('::aws:') ? [arn] : [name];
    const parts = partAt(declared, 'Document', { role: 'grant' });
    return [
      factOf(declared, { entity: { type: 'policy', ids }, facet: 'managed-policy', defines: true, parts }),
    ];
  });
  return [...holders, ...policies];
}

function declaredAt(
  value: Fields,
  path: Path,
  { file, regionOf, label }: { file: string; regionOf: Source['regionOf']; label: string },
): Declared {
  return {
    type: 'account',
    label,
    file,
    self: ownSymbol(label),
    get: (property) => value[property],
    region: (below) => regionOf([...path, ...below]) ?? regionOf(path),
    origin: () => undefined,
  };
}
