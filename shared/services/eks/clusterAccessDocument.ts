/**
 * An access entry of an EKS cluster as a policy document: whom the cluster's Kubernetes takes for whom. What it lets
 * do is not IAM's matter, so there is one action, and what was associated stands under keys of our own, `ratchet:…`.
 * Source: EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries".
 */

import { parseArn, resourceName } from '../../policy/arn.ts';
import { canonicalDocument } from '../../targets/snapshot.ts';
import type { Snapshot } from '../../targets/target.ts';

/** How the ids of parts begin. */
export const ENTRY = 'entry:';

/** What a restore writes back. JSON values only. */
export type AccessEntryFacts = {
  readonly type?: string;
  readonly username?: string;
  readonly kubernetesGroups: readonly string[];
  readonly policies: readonly AssociatedPolicy[];
};

export type AssociatedPolicy = {
  readonly policyArn: string;
  /** `cluster`, or `namespace` with those named. */
  readonly scope: string;
  readonly namespaces: readonly string[];
};

export type AccessEntries = { readonly [principalArn: string]: AccessEntryFacts };

/**
 * Returns the settings behind each entry of a cluster: as they were read with it or with the same entry in `other`, else
 * as its document tells them; undefined where neither says them all.
 */
export function entriesOf(
  { target, parts, restoreHints }: Snapshot,
  other?: Snapshot,
): { readonly [principalArn: string]: AccessEntryFacts | undefined } {
  const kept = [restoreHints, other?.restoreHints].map(
    (hints) => (hints?.['entries'] ?? {}) as AccessEntries,
  ); // As `read` has them.
  return Object.fromEntries(
    parts.map(({ id, document }) => {
      const principalArn = id.slice(ENTRY.length);
      const known = kept.flatMap((entries) => entries[principalArn] ?? []);
      const isSaid = (facts: AccessEntryFacts) =>
        canonicalDocument(accessEntryDocument(facts, { principalArn, clusterArn: target.arn })) ===
        canonicalDocument(document);
      return [principalArn, [...known, ...toldBy(document, known)].find(isSaid)];
    }),
  );
}

/**
 * Returns the user name that EKS gives an entry for people and programs if the request has none.
 * Source: EKS User Guide, "Create access entries"; API Reference, "CreateAccessEntry" (example).
 */
export function generatedName(principalArn: string): string {
  const { partition, accountId, resource } = parseArn(principalArn);
  return resource.startsWith('role/')
    ? `arn:${partition}:sts::${accountId}:assumed-role/${resourceName(principalArn)}/{{SessionName}}`
    : principalArn;
}

type Tests = { readonly [operator: string]: { readonly [key: string]: unknown } };

/** What the statements of an entry's document name. An entry that has a name keeps it: EKS takes no name away. */
function toldBy(
  document: string | undefined,
  known: readonly AccessEntryFacts[],
): readonly AccessEntryFacts[] {
  const tests: Tests[] = parsed(document).map(({ Condition }) => Condition ?? {});
  const valuesOf = (operator: string, key: string, among = tests) =>
    among.flatMap((one) => [one[operator]?.[key] ?? []].flat().map(String));
  const [username] = valuesOf('StringEquals', 'ratchet:KubernetesUser');
  if (username === undefined && known.some((facts) => facts.username !== undefined)) return [];
  const policies = tests.flatMap((one) =>
    valuesOf('StringEquals', 'ratchet:AccessPolicy', [one]).map((policyArn) => ({
      policyArn,
      scope: one['StringLike'] === undefined ? 'cluster' : 'namespace',
      namespaces: valuesOf('StringLike', 'ratchet:Namespace', [one]),
    })),
  );
  const type = known[0]?.type;
  return [
    {
      ...(type === undefined ? {} : { type }),
      ...(username === undefined ? {} : { username }),
      kubernetesGroups: valuesOf('StringEquals', 'ratchet:KubernetesGroup'),
      policies,
    },
  ];
}

function parsed(document = '{}'): readonly { readonly Condition?: Tests }[] {
  try {
    const { Statement = [] } = JSON.parse(document) as { Statement?: { Condition?: Tests }[] };
    return [Statement].flat();
  } catch {
    return [];
  }
}

/** Returns what the entry lets in, as JSON text. */
export function accessEntryDocument(
  { kubernetesGroups, policies, username }: AccessEntryFacts,
  { principalArn, clusterArn }: { readonly principalArn: string; readonly clusterArn: string },
): string {
  const statement = (condition: object) => ({
    Effect: 'Allow',
    Principal: { AWS: principalArn },
    Action: 'eks:AccessKubernetesApi',
    Resource: clusterArn,
    Condition: condition,
  });
  const statements = [
    // Rights bound inside the cluster to the user's name or to a group are no less rights for not being shown here.
    ...(username === undefined ? [] : [statement({ StringEquals: { 'ratchet:KubernetesUser': username } })]),
    ...kubernetesGroups.map((group) => statement({ StringEquals: { 'ratchet:KubernetesGroup': group } })),
    ...policies.map(({ policyArn, scope, namespaces }) =>
      statement({
        StringEquals: { 'ratchet:AccessPolicy': policyArn },
        // EKS takes `*` in a namespace's name for any characters.
        ...(scope === 'namespace' ? { StringLike: { 'ratchet:Namespace': namespaces } } : {}),
      }),
    ),
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
