import { createHash } from 'node:crypto';
import { IAMClient } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import {
  openIdConnectDocument,
  samlDocument,
} from '../../../../shared/services/iam/identityProviderDocument.ts';
import { ADAPTERS } from '../../../../shared/services/index.ts';
import type { AwsClients } from '../../../../shared/targets/clients.ts';
import type { TargetRef } from '../../../../shared/targets/target.ts';
import { ACCOUNT, awsError, describeKind, PLACE } from '../kindCase.ts';

type Held = { readonly roles: readonly string[] } | undefined;

const profileOf = (name: string) => `arn:aws:iam::${ACCOUNT}:instance-profile/${name}`;
const named = { InstanceProfileName: 'web' };

describeKind<Held>('an instance profile', {
  kind: 'instance-profile',
  arn: profileOf('web'),
  service: 'iam',
  client: IAMClient,
  answers: {
    GetInstanceProfile(_, held) {
      if (held === undefined) throw awsError('NoSuchEntity');
      return {
        InstanceProfile: {
          InstanceProfileId: 'AIPAEXAMPLE',
          CreateDate: new Date('2026-01-01T00:00:00Z'),
          Roles: held.roles.map((RoleName) => ({
            RoleName,
            Arn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}`,
          })),
        },
      };
    },
    ListInstanceProfiles: ({ Marker }: { readonly Marker?: string }) =>
      Marker === undefined
        ? { InstanceProfiles: [{ Arn: profileOf('team/web') }], IsTruncated: true, Marker: 'more' }
        : { InstanceProfiles: [{ Arn: profileOf('batch') }], IsTruncated: false },
    RemoveRoleFromInstanceProfile: ({ RoleName }: { readonly RoleName: string }, held, hold) =>
      hold({ roles: (held?.roles ?? []).filter((role) => role !== RoleName) }),
  },
  accepted: { roles: [] },
  from: { roles: ['Admin'] },
  another: { roles: ['Other'] },
  missing: undefined,
  reads: [['GetInstanceProfile', named]],
  listCalls: [
    ['ListInstanceProfiles', {}],
    ['ListInstanceProfiles', { Marker: 'more' }],
  ],
  listed: [profileOf('web'), profileOf('batch')],
  writes: [['RemoveRoleFromInstanceProfile', { ...named, RoleName: 'Admin' }]],
});

describe('an instance profile whose role was taken', () => {
  it('gets it back from a person only, since that takes iam:PassRole', async () => {
    let roles: readonly string[] = ['Reader'];
    const mock = mockClient(IAMClient);
    mock.send.callsFake(async (command: { readonly constructor: { readonly name: string } }) => {
      if (command.constructor.name.startsWith('Remove')) roles = [];
      return { InstanceProfile: { Roles: roles.map((RoleName) => ({ RoleName, Arn: RoleName })) } } as never; // The mock types its answers as any of the service's.
    });
    const clients = { iam: mock } as unknown as AwsClients; // Of the others none is called.
    const target: TargetRef = { kind: 'instance-profile', arn: profileOf('web'), ...PLACE };
    const adapter = ADAPTERS['instance-profile'];
    const accepted = await adapter.read(target, clients);
    roles = ['Admin'];
    const from = await adapter.read(target, clients);

    const outcome = await adapter.restore({ accepted, from }, clients);

    expect(outcome).toMatchObject({
      kind: 'partial',
      calls: [{ operation: 'RemoveRoleFromInstanceProfile' }],
      cause: expect.stringContaining('by hand: it takes iam:PassRole'),
      live: { parts: [] },
    });
  });
});

const SAML = `arn:aws:iam::${ACCOUNT}:saml-provider/idp`;
const OIDC = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.example.com`;
const CERTIFICATE =
  'MIIBbTCCAROgAwIBAgIUW5dIhlsMdeyYyJnfpUO6D8BX0OowCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAeFw0yNjExMjMxMTM3MThaFw0zNjExMjAxMTM3MThaMAwxCjAIBgNVBAMMAWEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARi0aqQ36ca9RD1rzx9LqAYZphG6oXwxENToOX2X10vz957nFjVBzI3AJTKSDTIZEc3o5SvpbRCBRx4DHmk77SQo1MwUTAdBgNVHQ4EFgQU89Njqd2FPifR4XaZM/9BSF8E828wHwYDVR0jBBgwFoAU89Njqd2FPifR4XaZM/9BSF8E828wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA/+g4lgxkDHO5WJ/inWPC3SloiU1gxZBUTmGO6TOLDFcCIDUOHqNJY/m4nJa9U7VynARzu/ZRfzVuYqJIo53yYoba';

const metadata = (certificate: string, issuer = 'https://idp.example.com') =>
  `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${issuer}">` +
  `<ds:X509Certificate>${certificate}</ds:X509Certificate></md:EntityDescriptor>`;

describe('identity providers', () => {
  it('are read, SAML by its metadata and OpenID Connect by its lists', async () => {
    const mock = mockClient(IAMClient);
    const called: string[] = [];
    mock.send.callsFake(async (command: { readonly constructor: { readonly name: string } }) => {
      called.push(command.constructor.name);
      const answer = command.constructor.name.includes('SAML')
        ? { SAMLMetadataDocument: metadata(CERTIFICATE), SAMLProviderUUID: 'uuid' }
        : { Url: 'token.example.com', ClientIDList: ['app'], ThumbprintList: ['AB'.repeat(20)] };
      return answer as never; // The mock types its answers as any of the service's.
    });
    const clients = { iam: mock } as unknown as AwsClients; // Of the others none is called.
    const read = (arn: string) =>
      ADAPTERS['identity-provider'].read({ kind: 'identity-provider', arn, ...PLACE }, clients);

    expect(await read(SAML)).toMatchObject({ exists: true, uniqueId: 'uuid' });
    expect((await read(OIDC)).parts[0]?.document).toContain('"token.example.com:aud":["app"]');
    expect(called).toEqual(['GetSAMLProviderCommand', 'GetOpenIDConnectProviderCommand']);
  });

  it('are never written', async () => {
    const adapter = ADAPTERS['identity-provider'];
    const target: TargetRef = { kind: 'identity-provider', arn: SAML, ...PLACE };

    expect(adapter.whyNotRestorable(target)).toContain('only reported');
  });
});

describe('the document of an identity provider', () => {
  const conditionOf = (document: string | undefined) =>
    (JSON.parse(document ?? '{}') as { Statement: [{ Condition: { StringEquals: object } }] }).Statement[0]
      .Condition.StringEquals;

  it('names issuer and certificate by its fingerprint, however the text is broken', () => {
    const fingerprint = createHash('sha256').update(Buffer.from(CERTIFICATE, 'base64')).digest('hex');
    const broken = CERTIFICATE.replace(/(.{64})/g, '$1\n');

    const document = samlDocument(SAML, metadata(broken));

    expect(conditionOf(document)).toEqual({
      'saml:iss': ['https://idp.example.com'],
      'ratchet:SigningCertificate': [fingerprint],
    });
    expect(document).toBe(samlDocument(SAML, metadata(CERTIFICATE)));
  });

  it.each([
    [
      'a declared namespace',
      '<X509Certificate xmlns="http://www.w3.org/2000/09/xmldsig#">AAAA</X509Certificate>',
    ],
    ['white space in its tags', '<X509Certificate >AAAA</X509Certificate\n>'],
    ['a prefix of its own', '<\u00e9:X509Certificate xmlns:\u00e9="x">AAAA</\u00e9:X509Certificate>'],
    ['marked text', '<X509Certificate><![CDATA[AAAA]]></X509Certificate>'],
    ['a comment inside', '<X509Certificate><!-- -->AAAA</X509Certificate>'],
  ])('names a certificate that stands with %s', (_, certificate) => {
    const one = metadata(CERTIFICATE).replace('</md:', `${certificate}</md:`);

    expect(samlDocument(SAML, one)).toContain(createHash('sha256').update(Buffer.alloc(3)).digest('hex'));
    expect(samlDocument(SAML, one)).not.toBe(samlDocument(SAML, one.replace('AAAA', 'AAAB')));
  });

  it('takes no issuer and no certificate from a comment', () => {
    const text = metadata(CERTIFICATE);

    expect(samlDocument(SAML, `<!-- ${text.replace('idp', 'former')} -->${text}`)).toBe(
      samlDocument(SAML, text),
    );
  });

  it.each([
    '',
    '<EntityDescriptor',
    '<EntityDescriptor entityID="x"/>',
    metadata(CERTIFICATE).replace(/entityID="[^"]*"/, ''),
  ])('is none when the metadata shows no issuer or certificate: %s', (text) => {
    expect(samlDocument(SAML, text)).toBeUndefined();
  });

  it('takes thumbprints in either case for the same', () => {
    const of = (thumbprint: string) =>
      openIdConnectDocument(OIDC, {
        url: 'token.example.com',
        clientIds: ['app'],
        thumbprints: [thumbprint],
      });

    expect(of('AB')).toBe(of('ab'));
    expect(of('ab')).not.toBe(of('cd'));
  });
});
