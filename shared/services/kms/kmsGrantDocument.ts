/**
 * A grant on a KMS key as a policy document. A grant is no policy, but what it lets happen can be said as one: its
 * operations are Allows to its grantee, its constraints are conditions on the encryption context and the source, and
 * whoever may retire it has `kms:RetireGrant`.
 * Source: KMS Developer Guide, "Grants in AWS KMS", "Condition keys for AWS KMS".
 */
import type { GrantConstraints, GrantListEntry } from '@aws-sdk/client-kms';

/** Returns the document as JSON text; undefined when the grantee cannot be told, so that nothing passes. */
export function grantDocument(grant: GrantListEntry, keyArn: string): string | undefined {
  const grantee = principalOf(grant.GranteePrincipal, grant.GranteeServicePrincipal);
  if (grantee === undefined) return undefined;
  const retirer = principalOf(grant.RetiringPrincipal, grant.RetiringServicePrincipal);
  const conditions = conditionsOf(grant.Constraints);
  const statements = [
    {
      Sid: 'Operations',
      Effect: 'Allow',
      Principal: grantee,
      Action: (grant.Operations ?? []).map((operation) => `kms:${operation}`),
      Resource: keyArn,
      ...(Object.keys(conditions).length > 0 ? { Condition: conditions } : {}),
    },
    ...(retirer === undefined
      ? []
      : [
          { Sid: 'Retire', Effect: 'Allow', Principal: retirer, Action: 'kms:RetireGrant', Resource: keyArn },
        ]),
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function principalOf(principal: string | undefined, service: string | undefined): object | undefined {
  const named = principal ?? service;
  if (named === undefined || named === '') return undefined;
  // KMS shows some services in the field of principals.
  return named.startsWith('arn:') || /^\d{12}$/.test(named) || /^A[A-Z0-9]{15,}$/.test(named)
    ? { AWS: named }
    : { Service: named };
}

function conditionsOf(constraints: GrantConstraints | undefined): { readonly [operator: string]: object } {
  const subset = Object.entries(constraints?.EncryptionContextSubset ?? {});
  const equal = Object.entries(constraints?.EncryptionContextEquals ?? {});
  const values = [...subset, ...equal].map(([key, value]) => [`kms:EncryptionContext:${key}`, value]);
  return {
    ...(values.length > 0 ? { StringEquals: Object.fromEntries(values) } : {}),
    // "Equals" allows no pair beside those named.
    ...(equal.length > 0
      ? { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': equal.map(([key]) => key) } }
      : {}),
    ...(constraints?.SourceArn === undefined
      ? {}
      : { ArnEquals: { 'aws:SourceArn': constraints.SourceArn } }),
  };
}
