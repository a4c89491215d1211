/**
 * An access entry of an EKS cluster as a policy document: whom the cluster's Kubernetes takes for whom. What it lets
 * do is not IAM's matter, so there is one action, and what was associated stands under keys of our own, `ratchet:…`.
 * Source: EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries".
 */

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
 * Returns the settings behind each entry of a cluster, as they were read with it or with the same entry in `other`;
 * undefined where they were not kept.
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
      const saying = kept
        .flatMap((entries) => entries[principalArn] ?? [])
        .find((facts) => accessEntryDocument(facts, { principalArn, clusterArn: target.arn }) === document);
      return [principalArn, saying];
    }),
  );
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
