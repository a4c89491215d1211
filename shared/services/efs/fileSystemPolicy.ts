/**
 * Policies of EFS file systems. Where there is none, whoever reaches a mount target over the network may mount, write
 * and be root; so the policy is judged as a limit, and that it goes away is what counts most.
 * Source: EFS User Guide, "Default EFS file system policy".
 */
import {
  DeleteFileSystemPolicyCommand,
  DescribeFileSystemPolicyCommand,
  DescribeFileSystemsCommand,
  PutFileSystemPolicyCommand,
} from '@aws-sdk/client-efs';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget, lastOf } from '../../targets/documentTarget.ts';

export const fileSystemPolicy = documentTarget({
  kind: 'file-system-policy',
  service: 'efs',
  noun: 'file system',
  role: 'limit',
  async read(efs, target) {
    const FileSystemId = lastOf(target);
    const found = await unless(
      ['FileSystemNotFound'],
      efs.send(new DescribeFileSystemsCommand({ FileSystemId })),
    );
    if (found === undefined) return undefined;
    const held = await unless(
      ['PolicyNotFound', 'FileSystemNotFound'],
      efs.send(new DescribeFileSystemPolicyCommand({ FileSystemId })),
    );
    return { document: held?.Policy, uniqueId: FileSystemId, created: found.FileSystems?.[0]?.CreationTime };
  },
  async *list(efs) {
    const fileSystems = allPages(async (Marker) => {
      const page = await orFault(efs.send(new DescribeFileSystemsCommand({ Marker })));
      return { items: page.FileSystems ?? [], next: page.NextMarker };
    });
    for await (const { FileSystemArn: arn } of fileSystems) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutFileSystemPolicy',
    // The check against locking oneself out stays on.
    send: (efs, { target, document: Policy }) =>
      efs.send(new PutFileSystemPolicyCommand({ FileSystemId: lastOf(target), Policy })),
  },
  remove: {
    operation: 'DeleteFileSystemPolicy',
    send: (efs, { target }) => efs.send(new DeleteFileSystemPolicyCommand({ FileSystemId: lastOf(target) })),
  },
});
