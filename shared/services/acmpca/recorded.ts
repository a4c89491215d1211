/** AWS Private CA’s operations in memory. Source: AWS Private CA API Reference. */
import {
  type Account,
  capitalised,
  type Input,
  makeResource,
  type OperationTable,
  optional,
  type RecordedService,
  required,
  resourcesOf,
  uniqueIdOf,
} from '../../recording/account.ts';
import {
  type Documented,
  reading,
  removing,
  resourceNamed,
  writing,
} from '../../recording/documentOperations.ts';

const arnOf = (_: Account, input: Input) =>
  optional(input, 'ResourceArn') ?? required(input, 'CertificateAuthorityArn');

const HELD: Documented = {
  arnOf,
  notFound: 'ResourceNotFoundException',
  noPolicy: 'ResourceNotFoundException',
};

const OPERATIONS: OperationTable = {
  CreateCertificateAuthority(account, input, { now, region }) {
    const id = uniqueIdOf('', `authority ${account.resources.size}`, now).toLowerCase();
    const arn =
      optional(input, 'CertificateAuthorityArn') ??
      `arn:${account.partition}:acm-pca:${region}:${account.accountId}:certificate-authority/${id}`;
    return { CertificateAuthorityArn: makeResource(account, arn, now).arn };
  },
  DeleteCertificateAuthority: () => ({}),
  RestoreCertificateAuthority: () => ({}),
  DescribeCertificateAuthority(account, input, context) {
    const { arn, created } = resourceNamed(HELD, account, input, { ...context, lenient: false });
    return { CertificateAuthority: { Arn: arn, CreatedAt: created } };
  },
  GetPolicy: reading(HELD, (Policy) => ({ Policy })),
  PutPolicy: writing(HELD, 'Policy'),
  DeletePolicy: removing(HELD),
  ListCertificateAuthorities: (account, _, { region }) => ({
    CertificateAuthorities: resourcesOf(account, 'acm-pca', region).map(({ arn }) => ({ Arn: arn })),
  }),
};

export const ACM_PCA: RecordedService = {
  client: 'acmPca',
  source: 'acm-pca.amazonaws.com',
  operations: OPERATIONS,
  toInput: (request, response) => ({ ...capitalised(request), ...capitalised(response) }),
};
