/** Events of AWS Private CA. */
import { makes, puts, removes, touchesNothing } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { requestText, textOf } from '../../changes/fields.ts';

const source = 'acm-pca.amazonaws.com';

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'certificate-authority-policy',
  target: ({ request }) => textOf(request, 'resourceArn') ?? textOf(request, 'certificateAuthorityArn'),
  needs: 'requestParameters.resourceArn',
  restore,
  ...more,
});

export const ACM_PCA_EVENTS: ServiceEvents = {
  source,
  rows: [
    row('PutPolicy', 'PutPolicy or DeletePolicy', { edit: puts(requestText('policy')) }),
    row('DeletePolicy', 'PutPolicy', { edit: removes() }),
    row('CreateCertificateAuthority', 'not restored', {
      target: ({ response }) => textOf(response, 'certificateAuthorityArn'),
      needs: 'responseElements.certificateAuthorityArn',
      edit: makes(),
    }),
    // It can be restored for some days; its policy stays.
    row('DeleteCertificateAuthority', 'not restored', { edit: touchesNothing }),
    row('RestoreCertificateAuthority', 'not restored', { edit: touchesNothing }),
  ],
};
