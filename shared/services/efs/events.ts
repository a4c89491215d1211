/** Events of EFS file systems. */

import { ends, makes, puts, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { requestText, textOf } from '../../changes/fields.ts';

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'elasticfilesystem.amazonaws.com',
  name,
  kind: 'file-system-policy',
  target: ({ request, response, partition, region, accountId }) => {
    const id = textOf(request, 'fileSystemId') ?? textOf(response, 'fileSystemId');
    // By id, or by its ARN.
    if (id === undefined || id.startsWith('arn:')) return id;
    return `arn:${partition}:elasticfilesystem:${region}:${accountId}:file-system/${id}`;
  },
  needs: 'requestParameters.fileSystemId',
  restore,
  ...more,
});

export const EFS_EVENTS: ServiceEvents = {
  source: 'elasticfilesystem.amazonaws.com',
  rows: [
    row('PutFileSystemPolicy', 'PutFileSystemPolicy or DeleteFileSystemPolicy', {
      edit: puts(requestText('policy')),
    }),
    row('DeleteFileSystemPolicy', 'PutFileSystemPolicy', { edit: removes() }),
    row('CreateFileSystem', 'not restored', { needs: 'responseElements.fileSystemId', edit: makes() }),
    row('DeleteFileSystem', 'not restored', { edit: ends }),
  ],
};
