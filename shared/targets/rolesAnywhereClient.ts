/**
 * IAM Roles Anywhere's API. Its package is to be had only at a version from before the SDK's present core, so here stand
 * its shapes, paths and address; credentials, signatures, retries and the rest are the SDK's, as the client of another
 * service of the same protocol (REST with JSON) has them.
 * Source: IAM Roles Anywhere API Reference.
 */
import { type DescribeClusterCommandOutput, EKSClient, type EKSClientConfig } from '@aws-sdk/client-eks';
import { type Client, makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import { apiDomainOf } from '../policy/arn.ts';

const NAMESPACE = 'com.amazonaws.rolesanywhere';
const [STRING, NUMBER, BOOLEAN, DATE_TIME, STRINGS] = [0, 1, 2, 5, 64] as const;
const LABEL = 1;

/** As the SDK's packages write them: kind, namespace, name, traits, and what it is made of. */
type Shape = Parameters<ReturnType<typeof makeBuilder>>[3];
type Schema = Shape[4];

const structure = (name: string, members: { readonly [name: string]: Schema }): Schema => [
  3,
  NAMESPACE,
  name,
  0,
  Object.keys(members),
  Object.values(members),
];
const listOf = (name: string, member: Schema): Schema => [1, NAMESPACE, name, 0, member];
const shape = (
  name: string,
  [method, path]: readonly [method: string, path: string],
  [input, output]: readonly [input: Schema, output: Schema],
): Shape => [9, NAMESPACE, name, { http: [method, path, 200] }, input, output];

/** A profile: what sessions that are made with it are given. */
export type Profile = {
  readonly profileId?: string;
  readonly profileArn?: string;
  readonly enabled?: boolean;
  /** JSON. */
  readonly sessionPolicy?: string;
  readonly roleArns?: readonly string[];
  readonly managedPolicyArns?: readonly string[];
  readonly createdAt?: Date;
};

/** A trust anchor: whose certificates are believed. */
export type TrustAnchor = {
  readonly trustAnchorId?: string;
  readonly trustAnchorArn?: string;
  readonly enabled?: boolean;
  readonly source?: {
    readonly sourceType?: string;
    /** PEM of one or more certificates, or the ARN of an authority of AWS Private CA. */
    readonly sourceData?: { readonly x509CertificateData?: string; readonly acmPcaArn?: string };
  };
  readonly createdAt?: Date;
};

/** A list of revoked certificates, of one trust anchor. */
type RevocationList = {
  readonly crlArn?: string;
  readonly enabled?: boolean;
  readonly trustAnchorArn?: string;
};

const PROFILE = structure('ProfileDetail', {
  profileId: STRING,
  profileArn: STRING,
  name: STRING,
  enabled: BOOLEAN,
  sessionPolicy: STRING,
  roleArns: STRINGS,
  managedPolicyArns: STRINGS,
  durationSeconds: NUMBER,
  createdAt: DATE_TIME,
});
const SOURCE_DATA = structure('SourceData', { x509CertificateData: STRING, acmPcaArn: STRING });
const SOURCE = structure('Source', { sourceType: STRING, sourceData: SOURCE_DATA });
const TRUST_ANCHOR = structure('TrustAnchorDetail', {
  trustAnchorId: STRING,
  trustAnchorArn: STRING,
  name: STRING,
  enabled: BOOLEAN,
  source: SOURCE,
  createdAt: DATE_TIME,
});
const REVOCATION_LIST = structure('CrlDetail', {
  crlId: STRING,
  crlArn: STRING,
  enabled: BOOLEAN,
  trustAnchorArn: STRING,
});
const PAGE = structure('ListRequest', { nextToken: [STRING, { httpQuery: 'nextToken' }] });
const PROFILE_ID = structure('ScalarProfileRequest', { profileId: [STRING, LABEL] });
const ONE_PROFILE = structure('ProfileDetailResponse', { profile: PROFILE });

/** The operations, as the SDK's packages publish theirs: under the operation's name and `$`. */
export const GetProfile$: Shape = shape(
  'GetProfile',
  ['GET', '/profile/{profileId}'],
  [PROFILE_ID, ONE_PROFILE],
);
/** Pages of all profiles of the Region. */
export const ListProfiles$: Shape = shape(
  'ListProfiles',
  ['GET', '/profiles'],
  [
    PAGE,
    structure('ListProfilesResponse', {
      nextToken: STRING,
      profiles: listOf('ProfileDetails', PROFILE),
    }),
  ],
);
/** What is left out stays as it is. */
export const UpdateProfile$: Shape = shape(
  'UpdateProfile',
  ['PATCH', '/profile/{profileId}'],
  [
    structure('UpdateProfileRequest', {
      profileId: [STRING, LABEL],
      sessionPolicy: STRING,
      managedPolicyArns: STRINGS,
    }),
    ONE_PROFILE,
  ],
);
/** Lets sessions be made with the profile again. */
export const EnableProfile$: Shape = shape(
  'EnableProfile',
  ['POST', '/profile/{profileId}/enable'],
  [PROFILE_ID, ONE_PROFILE],
);
/** No session is made with the profile any more; those that are there last. */
export const DisableProfile$: Shape = shape(
  'DisableProfile',
  ['POST', '/profile/{profileId}/disable'],
  [PROFILE_ID, ONE_PROFILE],
);
/** One trust anchor. */
export const GetTrustAnchor$: Shape = shape(
  'GetTrustAnchor',
  ['GET', '/trustanchor/{trustAnchorId}'],
  [
    structure('ScalarTrustAnchorRequest', { trustAnchorId: [STRING, LABEL] }),
    structure('TrustAnchorDetailResponse', { trustAnchor: TRUST_ANCHOR }),
  ],
);
/** Pages of all trust anchors of the Region. */
export const ListTrustAnchors$: Shape = shape(
  'ListTrustAnchors',
  ['GET', '/trustanchors'],
  [
    PAGE,
    structure('ListTrustAnchorsResponse', {
      nextToken: STRING,
      trustAnchors: listOf('TrustAnchorDetails', TRUST_ANCHOR),
    }),
  ],
);

/** Pages of the lists of revoked certificates of all trust anchors of the Region. */
export const ListCrls$: Shape = shape(
  'ListCrls',
  ['GET', '/crls'],
  [PAGE, structure('ListCrlsResponse', { nextToken: STRING, crls: listOf('CrlDetails', REVOCATION_LIST) })],
);

/** What every answer bears. */
type Metadata = Pick<DescribeClusterCommandOutput, '$metadata'>;
type Page = { readonly nextToken?: string | undefined };
type OneProfile = { readonly profile?: Profile } & Metadata;
type WhichProfile = { readonly profileId: string };

/** The parameters of an endpoint that every service has. */
const ENDPOINT = {
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
} as const;
const command = makeBuilder(ENDPOINT, 'RolesAnywhere', 'RolesAnywhereClient', getEndpointPlugin);
const none = () => [];

/** One profile. */
export class GetProfileCommand extends command<WhichProfile, OneProfile>(
  {},
  none,
  'GetProfile',
  GetProfile$,
) {}
/** A page of profiles. */
export class ListProfilesCommand extends command<
  Page,
  Page & { readonly profiles?: readonly Profile[] } & Metadata
>({}, none, 'ListProfiles', ListProfiles$) {}
/** Changes a profile; what is left out stays. */
export class UpdateProfileCommand extends command<
  WhichProfile & Pick<Profile, 'sessionPolicy' | 'managedPolicyArns'>,
  OneProfile
>({}, none, 'UpdateProfile', UpdateProfile$) {}
/** Switches a profile on. */
export class EnableProfileCommand extends command<WhichProfile, OneProfile>(
  {},
  none,
  'EnableProfile',
  EnableProfile$,
) {}
/** Switches a profile off. */
export class DisableProfileCommand extends command<WhichProfile, OneProfile>(
  {},
  none,
  'DisableProfile',
  DisableProfile$,
) {}
/** One trust anchor. */
export class GetTrustAnchorCommand extends command<
  { readonly trustAnchorId: string },
  { readonly trustAnchor?: TrustAnchor } & Metadata
>({}, none, 'GetTrustAnchor', GetTrustAnchor$) {}
/** A page of trust anchors. */
export class ListTrustAnchorsCommand extends command<
  Page,
  Page & { readonly trustAnchors?: readonly TrustAnchor[] } & Metadata
>({}, none, 'ListTrustAnchors', ListTrustAnchors$) {}

/** A page of lists of revoked certificates. */
export class ListCrlsCommand extends command<
  Page,
  Page & { readonly crls?: readonly RevocationList[] } & Metadata
>({}, none, 'ListCrls', ListCrls$) {}

type Sends<C> =
  C extends Client<infer Options, infer _In, infer _Out, infer Config>
    ? Client<Options, object, Metadata, Config>
    : never;
// What it is given decides whose client it is: it knows no operation of its own service until one is sent.
const RestJsonClient = EKSClient as unknown as new (settings: object) => Sends<EKSClient>;

/** The client. Takes what every client of the SDK takes. */
export class RolesAnywhereClient extends RestJsonClient {
  constructor(settings: EKSClientConfig) {
    super({
      ...settings,
      serviceId: 'RolesAnywhere',
      protocolSettings: { defaultNamespace: NAMESPACE, version: '2018-05-10', errorTypeRegistries: [] },
      endpointProvider: ({
        Endpoint,
        Region = '',
      }: {
        readonly Endpoint?: string;
        readonly Region?: string;
      }) => ({
        url: new URL(Endpoint ?? `https://rolesanywhere.${Region}.${apiDomainOf(Region)}`),
      }),
      signingName: 'rolesanywhere',
    });
  }
}
