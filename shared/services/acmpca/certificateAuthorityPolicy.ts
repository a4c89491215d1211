/** Policies of authorities of AWS Private CA: which other accounts may issue certificates with them. */
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';
import {
  DeletePolicyCommand,
  DescribeCertificateAuthorityCommand,
  GetPolicyCommand,
  ListCertificateAuthoritiesCommand,
  PutPolicyCommand,
} from './acmPcaClient.ts';

export const certificateAuthorityPolicy = documentTarget({
  kind: 'certificate-authority-policy',
  service: 'acmPca',
  noun: 'certificate authority',
  async read(acmPca, { arn }) {
    const found = await unless(
      ['ResourceNotFoundException'],
      acmPca.send(new DescribeCertificateAuthorityCommand({ CertificateAuthorityArn: arn })),
    );
    if (found === undefined) return undefined;
    const held = await unless(
      ['ResourceNotFoundException'],
      acmPca.send(new GetPolicyCommand({ ResourceArn: arn })),
    );
    // The id in its ARN is never used again.
    return { document: held?.Policy, uniqueId: arn, created: found.CertificateAuthority?.CreatedAt };
  },
  async *list(acmPca) {
    const authorities = allPages(async (NextToken) => {
      const page = await orFault(acmPca.send(new ListCertificateAuthoritiesCommand({ NextToken })));
      return { items: page.CertificateAuthorities ?? [], next: page.NextToken };
    });
    for await (const { Arn: arn } of authorities) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'PutPolicy',
    send: (acmPca, { target: { arn: ResourceArn }, document: Policy }) =>
      acmPca.send(new PutPolicyCommand({ ResourceArn, Policy })),
  },
  remove: {
    operation: 'DeletePolicy',
    send: (acmPca, { target: { arn: ResourceArn } }) => acmPca.send(new DeletePolicyCommand({ ResourceArn })),
  },
});
