/** What somebody calls to have something in IAM Roles Anywhere; the guard makes nothing there. */
import type { Profile, TrustAnchor } from '../../shared/services/rolesanywhere/rolesAnywhereClient.ts';
import { BOOLEAN, STRING, STRINGS, shapesOf } from '../../shared/targets/sdkShapes.ts';

const { command, structure } = shapesOf({
  id: 'RolesAnywhere',
  namespace: 'com.amazonaws.rolesanywhere',
  version: '2018-05-10',
  scope: 'rolesanywhere',
});
const MEMBERS = {
  name: STRING,
  enabled: BOOLEAN,
  sessionPolicy: STRING,
  roleArns: STRINGS,
  managedPolicyArns: STRINGS,
};
const SOURCE_DATA = structure('SourceData', { x509CertificateData: STRING, acmPcaArn: STRING });
const SOURCE = structure('Source', { sourceType: STRING, sourceData: SOURCE_DATA });

type Named = { readonly name: string };

/** Makes a profile. */
export const CreateProfileCommand = command<Profile & Named, { readonly profile?: Profile }>(
  'CreateProfile',
  {
    http: ['POST', '/profiles'],
    input: MEMBERS,
    output: { profile: structure('ProfileDetail', { profileId: STRING, profileArn: STRING, ...MEMBERS }) },
  },
);
/** Makes a trust anchor. */
export const CreateTrustAnchorCommand = command<TrustAnchor & Named, { readonly trustAnchor?: TrustAnchor }>(
  'CreateTrustAnchor',
  {
    http: ['POST', '/trustanchors'],
    input: { name: STRING, enabled: BOOLEAN, source: SOURCE },
    output: {
      trustAnchor: structure('TrustAnchorDetail', {
        trustAnchorId: STRING,
        trustAnchorArn: STRING,
        name: STRING,
        enabled: BOOLEAN,
        source: SOURCE,
      }),
    },
  },
);
