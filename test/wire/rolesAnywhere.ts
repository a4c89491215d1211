/** What somebody calls to have something in IAM Roles Anywhere; the guard makes nothing there. */
import { makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import {
  GetProfile$,
  GetTrustAnchor$,
  type Profile,
  type TrustAnchor,
} from '../../shared/targets/rolesAnywhereClient.ts';

type Shape = typeof GetProfile$;
type Members = { readonly [name: string]: Shape[4] };

const NAMESPACE = GetProfile$[1];
const structure = (name: string, members: Members): Shape[4] => [
  3,
  NAMESPACE,
  name,
  0,
  Object.keys(members),
  Object.values(members),
];
const [STRING, BOOLEAN, STRINGS] = [0, 2, 64] as const;
const MEMBERS = {
  name: STRING,
  enabled: BOOLEAN,
  sessionPolicy: STRING,
  roleArns: STRINGS,
  managedPolicyArns: STRINGS,
};
const SOURCE_DATA = structure('SourceData', { x509CertificateData: STRING, acmPcaArn: STRING });
const SOURCE = structure('Source', { sourceType: STRING, sourceData: SOURCE_DATA });

export const CreateProfile$: Shape = [
  9,
  NAMESPACE,
  'CreateProfile',
  { http: ['POST', '/profiles', 201] },
  structure('CreateProfileRequest', MEMBERS),
  GetProfile$[5],
];
export const CreateTrustAnchor$: Shape = [
  9,
  NAMESPACE,
  'CreateTrustAnchor',
  { http: ['POST', '/trustanchors', 201] },
  structure('CreateTrustAnchorRequest', { name: STRING, enabled: BOOLEAN, source: SOURCE }),
  GetTrustAnchor$[5],
];

const ENDPOINT = {
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
} as const;
const command = makeBuilder(ENDPOINT, 'RolesAnywhere', 'RolesAnywhereClient', getEndpointPlugin);
type Answer = { readonly $metadata: object };

export class CreateProfileCommand extends command<Profile & { readonly name: string }, Answer>(
  {},
  () => [],
  'CreateProfile',
  CreateProfile$,
) {}
export class CreateTrustAnchorCommand extends command<TrustAnchor & { readonly name: string }, Answer>(
  {},
  () => [],
  'CreateTrustAnchor',
  CreateTrustAnchor$,
) {}
