/** What repositories of ECR and of public ECR have in common: calls of the same names, sent to different services. */
import { allPages, orFault, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { type DocumentCalls, documentTarget } from '../../targets/documentTarget.ts';
import type { TargetOperations, TargetRef } from '../../targets/target.ts';

type Repositories = {
  readonly repositories?:
    | readonly { readonly repositoryArn?: string | undefined; readonly createdAt?: Date | undefined }[]
    | undefined;
  readonly nextToken?: string | undefined;
};

type RepositoryCalls<Service extends keyof AwsClients> = Pick<
  DocumentCalls<Service>,
  'kind' | 'service' | 'noun'
> & {
  readonly describe: (
    client: AwsClients[Service],
    input: { readonly repositoryNames?: string[]; readonly nextToken?: string | undefined },
  ) => Promise<Repositories>;
  readonly get: (
    client: AwsClients[Service],
    repositoryName: string,
  ) => Promise<{ readonly policyText?: string | undefined }>;
  /** Without `force` ECR refuses a policy by which the guard would lock itself out. */
  readonly set: (
    client: AwsClients[Service],
    policy: { readonly repositoryName: string; readonly policyText: string },
  ) => Promise<unknown>;
  readonly remove: (client: AwsClients[Service], repositoryName: string) => Promise<unknown>;
  /** False: the Region has none to list. */
  readonly isIn?: (region: string) => boolean;
};

/** Returns the operations of the kind. */
export function repositoryTarget<Service extends keyof AwsClients>(
  calls: RepositoryCalls<Service>,
): TargetOperations {
  const { kind, service, noun, describe, get, set, remove, isIn = () => true } = calls;
  return documentTarget({
    kind,
    service,
    noun,
    async read(client, target) {
      const name = nameOf(target);
      const found = await unless(
        ['RepositoryNotFoundException'],
        describe(client, { repositoryNames: [name] }),
      );
      if (found === undefined) return undefined;
      const held = await unless(
        ['RepositoryPolicyNotFoundException', 'RepositoryNotFoundException'],
        get(client, name),
      );
      const created = found.repositories?.[0]?.createdAt;
      return { document: held?.policyText, uniqueId: created?.toISOString(), created };
    },
    async *list(client, { region }) {
      if (!isIn(region)) return;
      const repositories = allPages(async (nextToken) => {
        const page = await orFault(describe(client, { nextToken }));
        return { items: page.repositories ?? [], next: page.nextToken };
      });
      for await (const { repositoryArn: arn } of repositories) if (arn !== undefined) yield arn;
    },
    put: {
      operation: 'SetRepositoryPolicy',
      send: (client, { target, document: policyText }) =>
        set(client, { repositoryName: nameOf(target), policyText }),
    },
    remove: {
      operation: 'DeleteRepositoryPolicy',
      send: (client, { target }) => remove(client, nameOf(target)),
    },
  });
}

/** Names hold slashes. */
function nameOf({ arn }: TargetRef): string {
  return arn.slice(arn.indexOf('/') + 1);
}
