/**
 * Calls by which scripts and programs change who may do what, by every name they go by: those that the guard judges or
 * names. Sources: the guard's events; botocore, `xform_name`; SDKs for JavaScript, Go and Java, names of operations.
 */
import { EVENT_TABLE } from '../../../shared/services/eventTable.ts';
import { NAMED_EVENTS } from '../../../shared/services/namedEvents.ts';

/** Of the calls that are judged or named, those whose words speak of access; others also make what is deployed every day. */
const OF_ACCESS =
  /Polic|Permission|Acl|Grant|Access|Principal|Shar(e|ing)|Boundary|Assume|ToGroup|InstanceProfile|SAML|OpenID|FunctionUrl|Assignment|SnapshotAttribute|ImageAttribute|PodIdentity|IdentityPool|LoginProfile|Credential|SSHPublicKey|SigningCertificate|Delegated|TrustAnchor|Membership|OwnershipControls|QueueAttributes|TopicAttributes|Authoriz|LFTag|DataLakeSettings|DataCellsFilter|IdentityProvider|^Create(Role|User|Key)$/;

/** Operations whose events have other names, and those of which CloudTrail has no event of management. */
const MORE = ['PutPublicAccessBlock', 'DeletePublicAccessBlock', 'PutObjectAcl', 'CreatePermissionSet'];

type Names = { readonly cli: ReadonlySet<string>; readonly program: ReadonlySet<string> };

let known: Names | undefined;

function names(): Names {
  if (known !== undefined) return known;
  const events = [
    ...EVENT_TABLE.map(({ name }) => name),
    ...NAMED_EVENTS.flatMap(({ names: each }) => each),
    ...MORE,
  ];
  const operations = [...new Set(events.map((name) => name.replace(/\*$/, '')))].filter((name) =>
    OF_ACCESS.test(name),
  );
  const snake = operations.map((name) => spaced(name, '_'));
  known = {
    cli: new Set(operations.map((name) => spaced(name, '-'))),
    program: new Set([
      ...snake,
      ...operations,
      ...operations.map((name) => name.charAt(0).toLowerCase() + name.slice(1)),
    ]),
  };
  return known;
}

function spaced(name: string, between: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, `$1${between}$2`)
    .replace(/([a-z0-9])([A-Z])/g, `$1${between}$2`)
    .toLowerCase();
}

/** Flags of the AWS CLI that open something whatever the call is. */
const OPENS =
  /--(acl\s+["']?(public|authenticated)-|grants?(-\w+)*[\s=]|(bucket-|key-|resource-|file-system-|assume-role-)?policy(-document)?[\s=]|auth-type\s+["']?NONE|policy-arn[\s=])/;

/** Names of PowerShell's cmdlets: a verb, the service, what it acts on. Source: AWS Tools for PowerShell, cmdlet reference. */
const CMDLET =
  /\b[A-Z][a-z]+-(IAM|S3|LM|KMS|SNS|SQS|SEC|ECR|ORG|SSOADMN|EC2|EFS|EKS|GLUE|RAM|CWL|EVB)\w*(Policy|Permission|ACL|Grant|AccessKey|Boundary|PublicAccessBlock|ToGroup|InstanceProfile|Attribute|AccessEntry)\w*/i;

/** Returns true iff a line of a script calls the AWS CLI, or a tool like it, to change access. */
export function callsByCommand(line: string): boolean {
  if (CMDLET.test(line) || (/\baws\b/.test(line) && OPENS.test(line))) return true;
  return wordsOf(line).some((word) => word.includes('-') && names().cli.has(word));
}

/** What programs import or name that call AWS. */
const SDK =
  /\b(boto3|botocore|aioboto(3|core)|aws-sdk|awssdk|AWSSDK|aws_sdk_\w+|aws-sdk-\w+|smithy|com\.amazonaws|aws\.sdk\.kotlin)\b|@aws-sdk\/|\bAmazon\.\w+(\.Model)?\b|\bAws[\\:]|github\.com\/aws\/|\bAWS\.[A-Z]\w+\(/;

/** Returns true iff a program calls AWS to change access. */
export function callsBySdk(text: string): boolean {
  if (!SDK.test(text)) return false;
  const { program } = names();
  return wordsOf(text).some((word) => program.has(word) || program.has(word.replace(SUFFIX, '')));
}

/** Returns true iff a call of that name changes access: `attachRolePolicy`. */
export function isCallOfAccess(name: string): boolean {
  return names().program.has(name);
}

const SUFFIX = /(Command(Input)?|Request|Input|Async|WithContext)$/;

const wordsOf = (text: string) => text.match(/[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*/g) ?? [];
