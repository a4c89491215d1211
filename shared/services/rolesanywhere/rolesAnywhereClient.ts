/** IAM Roles Anywhere’s API, as far as it is called. Source: IAM Roles Anywhere API Reference. */
import { BOOLEAN, DATE_TIME, IN_PATH, inQuery, STRING, STRINGS, shapesOf } from '../../targets/sdkShapes.ts';

const shapes = shapesOf({
  id: 'RolesAnywhere',
  namespace: 'com.amazonaws.rolesanywhere',
  version: '2018-05-10',
  scope: 'rolesanywhere',
});

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

type Page = { readonly nextToken?: string | undefined };
type WhichProfile = { readonly profileId: string };
type OneProfile = { readonly profile?: Profile };

const PROFILE = shapes.structure('ProfileDetail', {
  profileId: STRING,
  profileArn: STRING,
  name: STRING,
  enabled: BOOLEAN,
  sessionPolicy: STRING,
  roleArns: STRINGS,
  managedPolicyArns: STRINGS,
  createdAt: DATE_TIME,
});
const SOURCE_DATA = shapes.structure('SourceData', { x509CertificateData: STRING, acmPcaArn: STRING });
const TRUST_ANCHOR = shapes.structure('TrustAnchorDetail', {
  trustAnchorId: STRING,
  trustAnchorArn: STRING,
  name: STRING,
  enabled: BOOLEAN,
  source: shapes.structure('Source', { sourceType: STRING, sourceData: SOURCE_DATA }),
  createdAt: DATE_TIME,
});
const REVOCATION_LIST = shapes.structure('CrlDetail', {
  crlId: STRING,
  crlArn: STRING,
  enabled: BOOLEAN,
  trustAnchorArn: STRING,
});
const PAGE = { nextToken: inQuery('nextToken') };
const PROFILE_ID = { profileId: IN_PATH };
const ONE_PROFILE = { profile: PROFILE };

/** One profile. */
export const GetProfileCommand = shapes.command<WhichProfile, OneProfile>('GetProfile', {
  http: ['GET', '/profile/{profileId}'],
  input: PROFILE_ID,
  output: ONE_PROFILE,
});
/** A page of the profiles of the Region. */
export const ListProfilesCommand = shapes.command<Page, Page & { readonly profiles?: readonly Profile[] }>(
  'ListProfiles',
  {
    http: ['GET', '/profiles'],
    input: PAGE,
    output: { nextToken: STRING, profiles: shapes.listOf('ProfileDetails', PROFILE) },
  },
);
/** Changes a profile; what is left out stays. */
export const UpdateProfileCommand = shapes.command<
  WhichProfile & Pick<Profile, 'sessionPolicy' | 'managedPolicyArns'>,
  OneProfile
>('UpdateProfile', {
  http: ['PATCH', '/profile/{profileId}'],
  input: { ...PROFILE_ID, sessionPolicy: STRING, managedPolicyArns: STRINGS },
  output: ONE_PROFILE,
});
/** Lets sessions be made with the profile again. */
export const EnableProfileCommand = shapes.command<WhichProfile, OneProfile>('EnableProfile', {
  http: ['POST', '/profile/{profileId}/enable'],
  input: PROFILE_ID,
  output: ONE_PROFILE,
});
/** No session is made with the profile any more; those that are there last. */
export const DisableProfileCommand = shapes.command<WhichProfile, OneProfile>('DisableProfile', {
  http: ['POST', '/profile/{profileId}/disable'],
  input: PROFILE_ID,
  output: ONE_PROFILE,
});
/** One trust anchor. */
export const GetTrustAnchorCommand = shapes.command<
  { readonly trustAnchorId: string },
  { readonly trustAnchor?: TrustAnchor }
>('GetTrustAnchor', {
  http: ['GET', '/trustanchor/{trustAnchorId}'],
  input: { trustAnchorId: IN_PATH },
  output: { trustAnchor: TRUST_ANCHOR },
});
/** A page of the trust anchors of the Region. */
export const ListTrustAnchorsCommand = shapes.command<
  Page,
  Page & { readonly trustAnchors?: readonly TrustAnchor[] }
>('ListTrustAnchors', {
  http: ['GET', '/trustanchors'],
  input: PAGE,
  output: { nextToken: STRING, trustAnchors: shapes.listOf('TrustAnchorDetails', TRUST_ANCHOR) },
});
/** A page of the lists of revoked certificates of all trust anchors of the Region. */
export const ListCrlsCommand = shapes.command<Page, Page & { readonly crls?: readonly RevocationList[] }>(
  'ListCrls',
  {
    http: ['GET', '/crls'],
    input: PAGE,
    output: { nextToken: STRING, crls: shapes.listOf('CrlDetails', REVOCATION_LIST) },
  },
);

/** The client. Takes what every client of the SDK takes. */
export class RolesAnywhereClient extends shapes.Client {}
