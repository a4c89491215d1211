import { IAMClient } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { trustAnchorDocument } from '../../../../shared/services/iam/identityProviderDocument.ts';
import { ADAPTERS } from '../../../../shared/services/index.ts';
import { RolesAnywhereClient } from '../../../../shared/services/rolesanywhere/rolesAnywhereClient.ts';
import type { AwsClients } from '../../../../shared/targets/clients.ts';
import type { Snapshot } from '../../../../shared/targets/target.ts';
import { ACCOUNT, awsError, describeKind, fakeAws, type KindCase, PLACE } from '../kindCase.ts';

const ID = '0ace5b12-24b9-427e-a483-c55884852fbf';
const arnOf = (type: string, id = ID) => `arn:aws:rolesanywhere:${PLACE.region}:${ACCOUNT}:${type}/${id}`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const allowing = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const EVERYTHING = allowing('*');
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

type Profile = {
  readonly enabled: boolean;
  readonly roleArns: readonly string[];
  readonly sessionPolicy?: string;
  readonly managedPolicyArns?: readonly string[];
};
type Held = Profile | undefined;
type Input = Partial<Profile> & { readonly nextToken?: string };

const which = { profileId: ID };
const narrow: Profile = { enabled: true, roleArns: [role('Batch')], sessionPolicy: allowing('s3:GetObject') };

const profileCase: KindCase<Held> = {
  kind: 'roles-anywhere-profile',
  arn: arnOf('profile'),
  service: 'rolesAnywhere',
  client: RolesAnywhereClient as unknown as KindCase<Held>['client'], // It sends as every client does.
  answers: {
    GetProfile(_, held) {
      if (held === undefined) throw awsError('ResourceNotFoundException');
      return {
        profile: { profileArn: arnOf('profile'), createdAt: new Date('2026-01-01T00:00:00Z'), ...held },
      };
    },
    ListProfiles: ({ nextToken }: Input) =>
      nextToken === undefined
        ? { profiles: [{ profileArn: arnOf('profile') }], nextToken: 'more' }
        : { profiles: [{ profileArn: arnOf('profile', 'other') }] },
    UpdateProfile: ({ sessionPolicy, managedPolicyArns }: Input, held, hold) =>
      hold(
        held && {
          ...held,
          ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
          ...(managedPolicyArns === undefined ? {} : { managedPolicyArns }),
        },
      ),
    EnableProfile: (_, held, hold) => hold(held && { ...held, enabled: true }),
    DisableProfile: (_, held, hold) => hold(held && { ...held, enabled: false }),
  },
  accepted: narrow,
  from: { ...narrow, sessionPolicy: EVERYTHING },
  another: { ...narrow, sessionPolicy: allowing('s3:*') },
  missing: undefined,
  reads: [['GetProfile', which]],
  listCalls: [
    ['ListProfiles', {}],
    ['ListProfiles', { nextToken: 'more' }],
  ],
  listed: [arnOf('profile'), arnOf('profile', 'other')],
  writes: [['UpdateProfile', { ...which, sessionPolicy: narrow.sessionPolicy }]],
};
describeKind('a profile of Roles Anywhere', profileCase);

describeKind<Held>('a profile of Roles Anywhere that was switched on', {
  ...profileCase,
  accepted: { ...narrow, enabled: false },
  from: { ...narrow, roleArns: [role('Admin')], sessionPolicy: EVERYTHING },
  another: narrow,
  writes: [['DisableProfile', which]],
});

describe('a profile of Roles Anywhere', () => {
  const adapter = ADAPTERS['roles-anywhere-profile'];
  const target = { kind: 'roles-anywhere-profile', arn: arnOf('profile'), ...PLACE } as const;

  /** AWS with the one managed policy that profiles here hold. */
  function aws(start: Profile) {
    const fake = fakeAws<Held>(profileCase, start);
    const iam = mockClient(IAMClient);
    iam.send.callsFake(async (command: { readonly constructor: { readonly name: string } }) => {
      const answer = command.constructor.name.startsWith('GetPolicyVersion')
        ? { PolicyVersion: { Document: encodeURIComponent(allowing('s3:List*')) } }
        : { Policy: { Arn: READ_ONLY, DefaultVersionId: 'v1' } };
      return answer as never; // The mock types its answers as any of the service's.
    });
    return { ...fake, clients: { ...fake.clients, iam } as unknown as AwsClients }; // Of the others none is called.
  }

  async function restored(before: Profile, after: Profile) {
    const fake = aws(before);
    const accepted = await adapter.read(target, fake.clients);
    fake.hold(after);
    const from = await adapter.read(target, fake.clients);
    const outcome = await adapter.restore({ accepted, from }, fake.clients);
    return { outcome, writes: fake.writes() };
  }

  const documentsOf = ({ parts }: Snapshot) => parts.map(({ id, document }) => [id, document]);

  it('lets pass what its session policies say together, and everything without one', async () => {
    const both = aws({ ...narrow, managedPolicyArns: [READ_ONLY] });
    const none = aws({ enabled: true, roleArns: [role('Batch')] });

    expect(documentsOf(await adapter.read(target, both.clients))).toEqual([
      [`attached:${READ_ONLY}`, allowing('s3:List*')],
      ['roles', expect.stringContaining(role('Batch'))],
      ['session', narrow.sessionPolicy],
    ]);
    expect(documentsOf(await adapter.read(target, none.clients))).toEqual([
      ['roles', expect.stringContaining(role('Batch'))],
      ['session', EVERYTHING],
    ]);
  });

  it('gets the managed policies back that it had', async () => {
    const { outcome, writes } = await restored(
      { ...narrow, managedPolicyArns: [READ_ONLY] },
      { ...narrow, sessionPolicy: allowing('s3:*'), managedPolicyArns: [] },
    );

    expect(outcome.kind).toBe('restored');
    expect(writes).toEqual([
      ['UpdateProfile', { ...which, sessionPolicy: narrow.sessionPolicy, managedPolicyArns: [READ_ONLY] }],
    ]);
  });

  it('that had no session policy is left without a limit by one that lets everything pass', async () => {
    const { outcome, writes } = await restored(
      { enabled: true, roleArns: [role('Batch')] },
      { ...narrow, managedPolicyArns: [READ_ONLY] },
    );

    expect(outcome.kind).toBe('restored');
    expect(writes).toEqual([
      ['UpdateProfile', { ...which, sessionPolicy: EVERYTHING, managedPolicyArns: [] }],
    ]);
  });

  it.each([
    ['gained a role', narrow, { ...narrow, roleArns: [role('Admin'), role('Batch')] }, 'iam:PassRole'],
    [
      'was given a session policy beside managed ones',
      { enabled: true, roleArns: [role('Batch')], managedPolicyArns: [READ_ONLY] },
      { ...narrow, managedPolicyArns: [READ_ONLY] },
      'not taken away',
    ],
  ])('that %s is left to people', async (_, before, after, why) => {
    const { outcome, writes } = await restored(before, after);

    expect(outcome).toMatchObject({ kind: 'cannot-undo', cause: expect.stringContaining(why) });
    expect(writes).toEqual([]);
  });
});

describe('a trust anchor', () => {
  const adapter = ADAPTERS['roles-anywhere-trust-anchor'];
  const arn = arnOf('trust-anchor');
  const target = { kind: 'roles-anywhere-trust-anchor', arn, ...PLACE } as const;
  const source = {
    sourceType: 'AWS_ACM_PCA',
    sourceData: { acmPcaArn: 'arn:aws:acm-pca:us-east-1:444455556666:certificate-authority/1' },
  };
  const world = (enabled: boolean | undefined) =>
    fakeAws<boolean | undefined>(
      {
        service: 'rolesAnywhere',
        client: RolesAnywhereClient as unknown as KindCase<Held>['client'],
        answers: {
          GetTrustAnchor(_, held) {
            if (held === undefined) throw awsError('ResourceNotFoundException');
            return { trustAnchor: { trustAnchorArn: arn, enabled: held, source } };
          },
          ListCrls: ({ nextToken }: Input) =>
            nextToken === undefined
              ? { crls: [{ crlArn: 'b', enabled: true, trustAnchorArn: arn }], nextToken: 'more' }
              : {
                  crls: [
                    { crlArn: 'a', enabled: true, trustAnchorArn: arn },
                    { crlArn: 'off', enabled: false, trustAnchorArn: arn },
                    { crlArn: 'of another', enabled: true, trustAnchorArn: `${arn}2` },
                  ],
                },
          ListTrustAnchors: ({ nextToken }: Input) =>
            nextToken === undefined
              ? { trustAnchors: [{ trustAnchorArn: arn }], nextToken: 'more' }
              : { trustAnchors: [{ trustAnchorArn: `${arn}2` }] },
        },
      },
      enabled,
    );

  it('is read with its lists of revoked certificates, and lets nobody in when it is switched off or gone', async () => {
    const on = world(true);

    const { parts } = await adapter.read(target, on.clients);

    expect(JSON.parse(parts[0]?.document ?? '')).toMatchObject({
      Statement: [
        { Effect: 'Allow', Principal: { Federated: arn } },
        { Effect: 'Deny', Condition: { StringEquals: { 'ratchet:RevokedBy': ['a', 'b'] } } },
      ],
    });
    expect(on.calls).toEqual([
      ['GetTrustAnchor', { trustAnchorId: ID }],
      ['ListCrls', {}],
      ['ListCrls', { nextToken: 'more' }],
    ]);
    expect(await adapter.read(target, world(false).clients)).toMatchObject({ exists: true, parts: [] });
    expect(await adapter.read(target, world(undefined).clients)).toMatchObject({ exists: false });
  });

  it('is listed page by page, and never written', async () => {
    const { clients, calls } = world(true);
    const listed: string[] = [];
    for await (const one of adapter.list(clients, PLACE)) listed.push(one.arn);

    expect(listed).toEqual([arn, `${arn}2`]);
    expect(calls).toEqual([
      ['ListTrustAnchors', {}],
      ['ListTrustAnchors', { nextToken: 'more' }],
    ]);
    expect(adapter.whyNotRestorable(target)).toContain('only reported');
  });

  it('is told by the fingerprints of its certificates or by its authority, and by nothing else', () => {
    const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
    const conditionOf = (sourceData: object) => {
      const document = trustAnchorDocument(arn, { sourceData }) ?? '{}';
      return (JSON.parse(document) as { Statement?: [{ Condition: { StringEquals: object } }] })
        .Statement?.[0].Condition.StringEquals;
    };

    expect(conditionOf({ acmPcaArn: 'ca' })).toEqual({ 'ratchet:CertificateAuthority': ['ca'] });
    expect(conditionOf({ x509CertificateData: pem('AAAA') + pem('BBBB') + pem('AA\nAA') })).toEqual({
      'ratchet:SigningCertificate': [
        '709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c',
        expect.stringMatching(/^[0-9a-f]{64}$/),
      ],
    });
    expect(conditionOf({ x509CertificateData: 'none' })).toBeUndefined();
    expect(conditionOf({})).toBeUndefined();
  });
});
