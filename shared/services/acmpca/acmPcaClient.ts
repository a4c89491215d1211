/** AWS Private CA’s API, as far as it is called. Source: AWS Private CA API Reference. */
import { DATE, STRING, shapesOf } from '../../targets/sdkShapes.ts';

const shapes = shapesOf({
  id: 'ACM PCA',
  namespace: 'com.amazonaws.acmpca',
  version: '2017-08-22',
  scope: 'acm-pca',
  target: 'ACMPrivateCA',
});

type ByArn = { readonly ResourceArn: string };

const AUTHORITY = shapes.structure('CertificateAuthority', { Arn: STRING, CreatedAt: DATE });

/** When an authority was made. */
export const DescribeCertificateAuthorityCommand = shapes.command<
  { readonly CertificateAuthorityArn: string },
  { readonly CertificateAuthority?: { readonly CreatedAt?: Date } }
>('DescribeCertificateAuthority', {
  input: { CertificateAuthorityArn: STRING },
  output: { CertificateAuthority: AUTHORITY },
});
/** The policy of an authority. */
export const GetPolicyCommand = shapes.command<ByArn, { readonly Policy?: string }>('GetPolicy', {
  input: { ResourceArn: STRING },
  output: { Policy: STRING },
});
/** Writes the policy. */
export const PutPolicyCommand = shapes.command<ByArn & { readonly Policy: string }, object>('PutPolicy', {
  input: { ResourceArn: STRING, Policy: STRING },
  output: {},
});
/** Takes the policy away. */
export const DeletePolicyCommand = shapes.command<ByArn, object>('DeletePolicy', {
  input: { ResourceArn: STRING },
  output: {},
});
/** A page of authorities. */
export const ListCertificateAuthoritiesCommand = shapes.command<
  { readonly NextToken?: string | undefined },
  { readonly CertificateAuthorities?: readonly { readonly Arn?: string }[]; readonly NextToken?: string }
>('ListCertificateAuthorities', {
  input: { NextToken: STRING },
  output: { CertificateAuthorities: shapes.listOf('CertificateAuthorities', AUTHORITY), NextToken: STRING },
});

/** The client. Takes what every client of the SDK takes. */
export class AcmPcaClient extends shapes.Client {}
