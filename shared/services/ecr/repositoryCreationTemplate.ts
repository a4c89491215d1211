/**
 * Creation templates of ECR: the policy that every repository made under a prefix will have. Read and reported (see
 * index.ts). AWS gives them no ARN; theirs here is `arn:…:ecr:REGION:ACCOUNT:repository-creation-template/PREFIX`.
 */
import { DescribeRepositoryCreationTemplatesCommand } from '@aws-sdk/client-ecr';
import { partitionOf } from '../../policy/arn.ts';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { unlessEmpty } from '../../targets/documentTarget.ts';
import { absentSnapshot, makeSnapshot } from '../../targets/snapshot.ts';
import type { TargetOperations, TargetRef } from '../../targets/target.ts';

export const repositoryCreationTemplate: TargetOperations = {
  async read(target, { ecr }) {
    const prefixes = [prefixOf(target)];
    const found = await unless(
      ['TemplateNotFoundException'],
      ecr.send(new DescribeRepositoryCreationTemplatesCommand({ prefixes })),
    );
    const [template] = found?.repositoryCreationTemplates ?? [];
    if (template === undefined) return absentSnapshot(target);
    const document = unlessEmpty(template.repositoryPolicy);
    const created = template.createdAt?.toISOString();
    return makeSnapshot({
      target,
      exists: true,
      ...(created === undefined ? {} : { uniqueId: created, createdAt: created }),
      parts: document === undefined ? [] : [{ id: 'document', role: 'resource', document }],
    });
  },
  async *list({ ecr }, place) {
    const templates = allPages(async (nextToken) => {
      const page = await orFault(ecr.send(new DescribeRepositoryCreationTemplatesCommand({ nextToken })));
      return { items: page.repositoryCreationTemplates ?? [], next: page.nextToken };
    });
    const { accountId, region } = place;
    const prefixed = `arn:${partitionOf(region)}:ecr:${region}:${accountId}:repository-creation-template/`;
    for await (const { prefix } of templates)
      if (prefix !== undefined)
        yield { kind: 'repository-creation-template', arn: `${prefixed}${prefix}`, ...place };
  },
  restore: async () => ({ kind: 'cannot-undo', cause: 'creation templates are only reported' }),
};

/** Prefixes hold slashes. */
function prefixOf({ arn }: TargetRef): string {
  return arn.slice(arn.indexOf('/') + 1);
}
