import { describe, expect, it } from 'vitest';
import { canBeEmpty, isSingleValued } from '../../../shared/policy/cardinality.ts';

describe('isSingleValued', () => {
  it.each([
    'aws:sourceip',
    'aws:principaltag/team',
    'aws:principaltag/a:b/c',
    's3:prefix',
    's3:existingobjecttag/team',
    'kms:encryptioncontext:app:name',
    'saml:sub',
    'token.actions.githubusercontent.com:sub',
    'token.actions.githubusercontent.com/acme:repository_id',
    'token.actions.acme.ghe.com:repository_id',
    'oidc.eks.eu-west-1.amazonaws.com/id/ab12:aud',
    'keycloak.example.com:8443/realms/a:sub',
    'accounts.google.com:oaud',
    'codebuild:secondarysources/web.buildspec',
    'ec2:resourcetag/team',
    // Our own, of a setting.
    'ratchet:signingcertificate',
  ])('is true of %s', (key) => {
    expect(isSingleValued(key)).toBe(true);
  });

  it.each([
    'aws:tagkeys',
    'aws:calledvia',
    'aws:principalorgpaths',
    'aws:resourceorgpaths',
    'aws:sourceorgpaths',
    'aws:vpceorgpaths',
    'aws:principalservicenameslist',
    'dynamodb:attributes',
    'kms:encryptioncontextkeys',
    'saml:edupersonaffiliation',
    'sts:transitivetagkeys',
    'cognito-identity.amazonaws.com:amr',
    'accounts.example.com:amr',
    'identitystore:userid',
    'aws:nosuchkey',
    'aws:principaltag/',
    'aws:principaltag',
    'example:sub',
    'constructor',
    '__proto__',
    'constructor:name',
    ':',
    '',
  ])('is false of %s, which may hold a set', (key) => {
    expect(isSingleValued(key)).toBe(false);
  });
});

describe('canBeEmpty', () => {
  it.each(['aws:principaltag/team', 'aws:referer', 's3:prefix', 'example:key', 'aws:tagkeys'])(
    'is true of %s',
    (key) => {
      expect(canBeEmpty(key)).toBe(true);
    },
  );

  it.each(['aws:username', 'aws:principalorgid', 'aws:sourceip', 's3:max-keys', 'aws:securetransport'])(
    'is false of %s',
    (key) => {
      expect(canBeEmpty(key)).toBe(false);
    },
  );
});
