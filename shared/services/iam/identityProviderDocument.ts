/**
 * Identity providers as policy documents: whose word an account takes for who somebody is. A provider lets nobody in by
 * itself, role trust policies do; but another certificate, audience or address is another who, with no policy changed.
 * What a sign-in shows of these and no request does stands under keys of our own, `ratchet:…`.
 * Source: IAM User Guide, "Identity providers and federation"; IAM Roles Anywhere User Guide, "Trust model".
 */
import { createHash, X509Certificate } from 'node:crypto';
import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import type { TrustAnchor } from '../rolesanywhere/rolesAnywhereClient.ts';

type Strings = readonly string[];
type TrustSource = NonNullable<TrustAnchor['source']>;

/** Returns the document of an OpenID Connect provider as JSON text. `url` without a scheme, thumbprints as IAM shows them. */
export function openIdConnectDocument(
  providerArn: string,
  {
    url,
    clientIds,
    thumbprints,
  }: { readonly url: string; readonly clientIds: Strings; readonly thumbprints: Strings },
): string {
  return documentOf(providerArn, 'sts:AssumeRoleWithWebIdentity', {
    [`${url}:aud`]: clientIds,
    'ratchet:SigningCertificate': thumbprints.map((thumbprint) => thumbprint.toLowerCase()),
  });
}

/** Returns the document of a SAML provider as JSON text; undefined when its metadata shows no issuer or no certificate. */
export function samlDocument(providerArn: string, metadata: string): string | undefined {
  const { issuers, certificates } = readMetadata(metadata) ?? { issuers: [], certificates: [] };
  if (issuers.length === 0 || certificates.length === 0) return undefined;
  return documentOf(providerArn, 'sts:AssumeRoleWithSAML', {
    'saml:iss': issuers,
    'ratchet:SigningCertificate': [...new Set(certificates.map(fingerprint))],
  });
}

/** All that metadata names, whatever the spelling of its elements; undefined when it is not well-formed. */
function readMetadata(
  xml: string,
): { readonly issuers: Strings; readonly certificates: Strings } | undefined {
  try {
    const parsed = new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, 'text/xml');
    const named = (name: string) => [...parsed.getElementsByTagNameNS('*', name)];
    return {
      issuers: named('EntityDescriptor').flatMap((entity) => entity.getAttribute('entityID') ?? []),
      certificates: named('X509Certificate').map(({ textContent: text }) => text ?? ''),
    };
  } catch {
    return undefined;
  }
}

/**
 * Returns the document of a trust anchor of IAM Roles Anywhere as JSON text; undefined when its source shows neither
 * certificates nor an authority. Each list of revoked certificates keeps out whom it names, whoever that is.
 */
export function trustAnchorDocument(
  anchorArn: string,
  { sourceData, revokedBy = [] }: TrustSource & { readonly revokedBy?: Strings },
): string | undefined {
  const { x509CertificateData: pem = '', acmPcaArn } = sourceData ?? {};
  const certificates = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END/g)].map(([, text = '']) =>
    fingerprint(text),
  );
  if (acmPcaArn === undefined && certificates.length === 0) return undefined;
  const believed: { readonly [key: string]: Strings } =
    acmPcaArn === undefined
      ? { 'ratchet:SigningCertificate': [...new Set(certificates)] }
      : { 'ratchet:CertificateAuthority': [acmPcaArn] };
  const action = 'sts:AssumeRole';
  const denied = revokedBy.length === 0 ? [] : [{ 'ratchet:RevokedBy': revokedBy }];
  return documentOf(anchorArn, action, believed, ...denied);
}

function documentOf(
  providerArn: string,
  action: string,
  conditions: { readonly [key: string]: Strings },
  ...denied: readonly { readonly [key: string]: Strings }[]
): string {
  const statement = (effect: 'Allow' | 'Deny', StringEquals: object) => ({
    Effect: effect,
    Principal: { Federated: providerArn },
    Action: action,
    Condition: { StringEquals },
  });
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [statement('Allow', conditions), ...denied.map((condition) => statement('Deny', condition))],
  });
}

/** SHA-256 of the certificate; of the text itself where it is none, so that another text is another certificate. */
function fingerprint(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  try {
    return new X509Certificate(bytes).fingerprint256.replaceAll(':', '').toLowerCase();
  } catch {
    return createHash('sha256').update(bytes).digest('hex');
  }
}
