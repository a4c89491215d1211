/** What a deployed stack is made of, by the names of the template. */
import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';

export type StackPart = { readonly id: string; readonly type: string; readonly physicalId: string };

/** Returns the parts that exist. Throws what CloudFormation answers. */
export async function stackParts(
  client: CloudFormationClient,
  StackName: string,
): Promise<readonly StackPart[]> {
  const parts: StackPart[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName })) {
    for (const resource of page.StackResourceSummaries ?? []) {
      const { LogicalResourceId: id, ResourceType: type, PhysicalResourceId: physicalId } = resource;
      if (id && type && physicalId && resource.ResourceStatus !== 'DELETE_COMPLETE')
        parts.push({ id, type, physicalId });
    }
  }
  return parts;
}
