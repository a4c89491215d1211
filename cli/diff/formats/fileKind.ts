/** What a file may be, by its name and a first look at its text. */
import { callsByCommand, callsBySdk } from './calls.ts';
import { bearingOf, mayBear } from './policyProperties.ts';

type FileKind =
  /** JSON or YAML, or anything that may be. */
  | 'data'
  /** A language that is not evaluated here. */
  | 'language'
  /** A text that something fills in. */
  | 'filled'
  /** Words for people, pictures: no policy that anybody applies. */
  | 'other';

const FILLED = /\.(tftpl|tpl|tmpl|j2|jinja2?|erb|mustache|hbs|handlebars|gotmpl|ejs|liquid)$/i;
const LANGUAGE =
  /\.(tf|tfvars|tofu|hcl|cue|jsonnet|libsonnet|dhall|ts|mts|cts|tsx|js|mjs|cjs|jsx|py|go|java|kt|scala|cs|fs|rb|php|rs|swift|ps1|psm1|sh|bash|zsh|bat|pkl|nix|bicep|toml|ini|cfg|conf|env|properties|xml|sql|groovy|gradle|csv|tsv)$/i;
const OTHER =
  /\.(md|mdx|markdown|rst|adoc|html?|css|scss|less|svg|png|jpe?g|gif|webp|ico|pdf|zip|gz|tgz|jar|war|woff2?|ttf|eot|mp[34]|lock|map|snap|log|diff|patch|rego|guard|po|lean|ipynb)$/i;
const LISTS =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|composer\.lock|go\.sum|LICENSE|NOTICE|CHANGELOG|\.terraform\.lock\.hcl)$/i;

/** Returns what the file may be. */
export function fileKind(path: string): FileKind {
  if (/\.tfvars\.json$/i.test(path)) return 'language';
  if (OTHER.test(path) || LISTS.test(path)) return 'other';
  if (FILLED.test(path)) return 'filled';
  return LANGUAGE.test(path) ? 'language' : 'data';
}

/** Returns true iff a file whose name says that it is something else is a template, a policy or a plan as a whole. */
export function isDisguised(path: string, text: string): boolean {
  if (/(^|\/)(README|CHANGELOG|CONTRIBUTING|LICENSE|NOTICE)[^/]*$/i.test(path)) return false;
  if (/^\s*[{[]/.test(text) && /"(Statement|Resources|resource_changes)"\s*:/.test(text)) return true;
  return (
    !text.includes('```') &&
    /^(AWSTemplateFormatVersion|Resources)\s*:/m.test(text) &&
    /^\s+Type:\s*["']?AWS::/m.test(text)
  );
}

/** Words without which a text holds no policy, attachment or setting that is judged. */
const HINT =
  /statement|polic|effect|permission|AWS::|\baws_|iam|resource_changes|Fn::|Principal|arn:aws|AllowedValues|acl\b|boundary|actions?\b|serverless|provider|x-amazon-apigateway/i;

/** Plain letters written as escapes (`\u0041`, `\x41`), and words split over two lines: a search for a word misses both. */
const HIDDEN = /\\(?:u00|x|U0000)[2-7][0-9a-f]|\\\r?\n/i;

/** Returns true iff the text may hold something that is judged. */
export function mayHold(text: string): boolean {
  return HINT.test(text) || HIDDEN.test(text);
}

/** What policies look like in languages that are not evaluated, and in texts that are not read. */
const MENTIONS = new RegExp(
  [
    String.raw`\b["']?Statements?["']?\s*[:=(]`,
    String.raw`\b["']?Policy(Document|Text)["']?\s*[:=(]`,
    String.raw`\bEffect["']?\s*[:=]+>?\s*["']?(Allow|Deny)\b`,
    String.raw`\baws_(iam_\w+|\w*(policy|permission|acl|public_access_block|ownership_controls|function_url|launch_permission|access_entry|account_assignment|attachment)\w*)\b`,
    String.raw`\b(assume_role_policy|managed_policy_arns?|permissions_boundary|inline_policy|access_policies|policy_arn)\b`,
    String.raw`\b(PolicyStatement|ManagedPolicy|PolicyDocument|AnyPrincipal|StarPrincipal|AccountPrincipal|addToRolePolicy|addToResourcePolicy|add_to_role_policy|add_to_policy|add_managed_policy|addManagedPolicy|fromAwsManagedPolicyName|from_aws_managed_policy_name|iamRoleStatements)\b`,
    String.raw`\b(put|attach|create)[-_]?(role|user|group|bucket|key|queue|topic|resource|repository)[-_]?policy\b`,
    String.raw`\barn:aws[\w-]*:iam::(aws|\d{12}):policy/`,
    String.raw`\b[A-Z]\w*(Administrator|PowerUser|ReadOnly|Full)Access\b`,
    String.raw`\b(Administrator|PowerUser|ReadOnly)Access\b`,
    'resource_changes',
  ].join('|'),
  'i',
);

/** Returns true iff the text speaks of policies as those who write them do. */
export function mentionsPolicy(text: string): boolean {
  return MENTIONS.test(text);
}

/** Libraries whose programs make templates, plans or resources: any construct may bring a policy with it. */
const MAKES =
  /\baws-cdk-lib\b|@aws-cdk\/|\baws_cdk\b|\bawscdk\b|aws-cdk-go|Amazon\.CDK|\bcdktf\b|@pulumi\/(aws|awsx|eks)\b|\bpulumi_awsx?\b|pulumi-aws\b|com\.pulumi\.aws|\btroposphere\b|\bawacs\b|\bcdktn\b|\bsst\.aws\.|@aws-amplify\/backend|@serverless-stack\//;

/** Returns true iff the program makes what is deployed, or calls AWS to change access. Tests make nothing. */
export function makesResources(path: string, text: string): boolean {
  const isTest = /(^|\/)(tests?|__tests__|specs?)\/|[._](test|spec)\.\w+$|(^|\/)test_\w+\.py$/i.test(path);
  if (isTest) return false;
  const isScript = /\baws\b/i.test(text) || /\.psm?1$/i.test(path);
  return MAKES.test(text) || callsBySdk(text) || (isScript && text.split('\n').some(callsByCommand));
}

/** Actions among values: what variables of policies look like. */
const ACTION = /["'][a-z0-9-]+:(\*|[A-Z][A-Za-z]*\*?)["']/;

/** Returns true iff a file of Terraform speaks of policies: in blocks and attributes that hold them, or in actions among its values. */
export function mentionsTerraform(text: string): boolean {
  if (ACTION.test(text) || /=\s*\[?\s*"\*"|\barn:aws/.test(text)) return true;
  return [...text.matchAll(/^\s*"?(\w+)"?\s*[={]/gm)].some(([, name = '']) => {
    const bearing = mayBear(name) ? bearingOf('aws_', name) : 'excluded';
    return bearing === undefined || bearing === 'document' || bearing === 'named';
  });
}
