/** IAM's operations on instance profiles and identity providers in memory. Source: IAM API Reference. */
import {
  type Account,
  AwsError,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type Resource,
  required,
  resourceOf,
  uniqueIdOf,
} from '../../recording/account.ts';

const NOT_FOUND = 'NoSuchEntity';

function arnOf(account: Account, entity: string): string {
  return `arn:${account.partition}:iam::${account.accountId}:${entity}`;
}

function profileOf(account: Account, input: Input, { lenient }: OperationContext): Resource {
  const arn = arnOf(account, `instance-profile/${required(input, 'InstanceProfileName')}`);
  return resourceOf(account, arn, { lenient, notFound: NOT_FOUND });
}

function providerOf(account: Account, arn: string, { lenient }: OperationContext): Resource {
  return resourceOf(account, arn, { lenient, notFound: NOT_FOUND });
}

function listOf(resource: Resource, name: string): string[] {
  const known = resource.facts.get(name);
  return Array.isArray(known) ? (known as string[]) : [];
}

/** The list of the fact becomes what `change` makes of it. */
function changeList(
  resource: Resource,
  name: string,
  change: (list: readonly string[]) => readonly string[],
): Input {
  resource.facts.set(name, change(listOf(resource, name)));
  return {};
}

function ofType(account: Account, type: string): { readonly Arn: string }[] {
  return [...account.resources.values()]
    .filter(({ arn }) => arn.includes(`:${type}/`))
    .map(({ arn }) => ({ Arn: arn }));
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const oidc = (input: Input) => required(input, 'OpenIDConnectProviderArn');

function describeProfile(account: Account, profile: Resource): Input {
  return {
    Arn: profile.arn,
    InstanceProfileName: profile.arn.slice(profile.arn.lastIndexOf('/') + 1),
    InstanceProfileId: uniqueIdOf('AIPA', profile.arn, profile.created),
    CreateDate: profile.created,
    Roles: listOf(profile, 'roles').map((RoleName) => ({
      RoleName,
      Arn: arnOf(account, `role/${RoleName}`),
    })),
  };
}

export const IAM_FEDERATION_OPERATIONS: OperationTable = {
  CreateInstanceProfile(account, input, { now }) {
    const name = required(input, 'InstanceProfileName');
    const profile = makeResource(account, arnOf(account, `instance-profile/${name}`), now);
    return { InstanceProfile: describeProfile(account, profile) };
  },
  DeleteInstanceProfile(account, input, context) {
    account.resources.delete(profileOf(account, input, context).arn);
    return {};
  },
  GetInstanceProfile: (account, input, context) => ({
    InstanceProfile: describeProfile(account, profileOf(account, input, { ...context, lenient: false })),
  }),
  ListInstanceProfiles: (account) => ({
    InstanceProfiles: ofType(account, 'instance-profile'),
    IsTruncated: false,
  }),
  AddRoleToInstanceProfile(account, input, context) {
    const profile = profileOf(account, input, context);
    const role = required(input, 'RoleName');
    if (listOf(profile, 'roles').length > 0 && !context.lenient)
      throw new AwsError('LimitExceeded', 'an instance profile holds one role');
    return changeList(profile, 'roles', (roles) => [...roles.filter((one) => one !== role), role]);
  },
  RemoveRoleFromInstanceProfile: (account, input, context) =>
    changeList(profileOf(account, input, context), 'roles', (roles) =>
      roles.filter((one) => one !== required(input, 'RoleName')),
    ),
  CreateSAMLProvider(account, input, { now }) {
    const arn = arnOf(account, `saml-provider/${required(input, 'Name')}`);
    makeResource(account, arn, now).facts.set('metadata', required(input, 'SAMLMetadataDocument'));
    return { SAMLProviderArn: arn };
  },
  UpdateSAMLProvider(account, input, context) {
    const metadata = optional(input, 'SAMLMetadataDocument');
    const provider = providerOf(account, required(input, 'SAMLProviderArn'), context);
    if (metadata !== undefined) provider.facts.set('metadata', metadata);
    return { SAMLProviderArn: provider.arn };
  },
  DeleteSAMLProvider(account, input) {
    account.resources.delete(required(input, 'SAMLProviderArn'));
    return {};
  },
  GetSAMLProvider(account, input, context) {
    const provider = providerOf(account, required(input, 'SAMLProviderArn'), { ...context, lenient: false });
    return {
      SAMLMetadataDocument: provider.facts.get('metadata'),
      SAMLProviderUUID: uniqueIdOf('', provider.arn, provider.created),
      CreateDate: provider.created,
    };
  },
  ListSAMLProviders: (account) => ({ SAMLProviderList: ofType(account, 'saml-provider') }),
  CreateOpenIDConnectProvider(account, input, { now }) {
    const url = required(input, 'Url').replace(/^https?:\/\//, '');
    const provider = makeResource(account, arnOf(account, `oidc-provider/${url}`), now);
    provider.facts.set('clientIds', textsOf(input['ClientIDList']));
    provider.facts.set('thumbprints', textsOf(input['ThumbprintList']));
    return { OpenIDConnectProviderArn: provider.arn };
  },
  AddClientIDToOpenIDConnectProvider: (account, input, context) =>
    changeList(providerOf(account, oidc(input), context), 'clientIds', (ids) => [
      ...new Set([...ids, required(input, 'ClientID')]),
    ]),
  RemoveClientIDFromOpenIDConnectProvider: (account, input, context) =>
    changeList(providerOf(account, oidc(input), context), 'clientIds', (ids) =>
      ids.filter((id) => id !== required(input, 'ClientID')),
    ),
  UpdateOpenIDConnectProviderThumbprint: (account, input, context) =>
    changeList(providerOf(account, oidc(input), context), 'thumbprints', () =>
      textsOf(input['ThumbprintList']),
    ),
  DeleteOpenIDConnectProvider(account, input) {
    account.resources.delete(oidc(input));
    return {};
  },
  GetOpenIDConnectProvider(account, input, context) {
    const provider = providerOf(account, oidc(input), { ...context, lenient: false });
    return {
      Url: provider.arn.slice(provider.arn.indexOf('/') + 1),
      ClientIDList: listOf(provider, 'clientIds'),
      ThumbprintList: listOf(provider, 'thumbprints'),
      CreateDate: provider.created,
    };
  },
  ListOpenIDConnectProviders: (account) => ({ OpenIDConnectProviderList: ofType(account, 'oidc-provider') }),
};
