/**
 * The config map `aws-auth`, by which a cluster of EKS knows roles and users of IAM. Source: EKS User Guide, "Grant IAM users
 * access to Kubernetes with a ConfigMap".
 */
import { type Fields, isFields, listOf } from '../fields.ts';
import type { Fact } from '../state.ts';
import { anySymbol, Opaque } from '../symbols.ts';
import { composed, type Declared, factOf, principalOf, type Rule } from './declared.ts';
import { readSources } from './source.ts';

const ACTION = 'eks:AccessKubernetesApi';

/** Returns the facts of a config map that its name makes one of access; none for any other. */
function clusterUsers(declared: Declared, metadata: unknown, data: unknown): Fact[] {
  const [about] = listOf(metadata);
  if (!isFields(about) || about['name'] !== 'aws-auth') return [];
  const members: Fields = isFields(data) ? data : { data };
  const parts = Object.entries(members).flatMap(([name, value], index) => {
    const statements = statementsOf(name, value);
    return statements === undefined || statements.length > 0
      ? [
          composed(
            declared,
            `${name}:${index}`,
            statements === undefined
              ? new Opaque(`aws-auth ${JSON.stringify(value)}`, `\`${name}\` of \`aws-auth\` is not read`)
              : { Version: '2012-10-17', Statement: statements },
          ),
        ]
      : [];
  });
  return [
    factOf(declared, { entity: { type: 'cluster', ids: [declared.self] }, facet: 'cluster-access', parts }),
  ];
}

/** Undefined where the text is not read. */
function statementsOf(name: string, value: unknown): Fields[] | undefined {
  if (value === undefined || value === null || value === '') return [];
  const read = typeof value === 'string' ? readSources(value) : undefined;
  const [source] = read === undefined || typeof read === 'string' ? [] : read;
  const entries = source?.value ?? (typeof value === 'string' ? [] : value);
  if (!Array.isArray(entries) || typeof read === 'string') return undefined;
  const statements = entries.map((each): Fields | undefined => {
    if (name === 'mapAccounts')
      return { Effect: 'Allow', Principal: { AWS: String(each) }, Action: ACTION, Resource: '*' };
    if (!isFields(each)) return undefined;
    const { rolearn, userarn = rolearn, groups, username } = each;
    if (typeof userarn !== 'string') return undefined;
    return {
      Effect: 'Allow',
      Principal: principalOf(userarn),
      Action: ACTION,
      Resource: [...listOf(groups), `user/${String(username ?? anySymbol('username'))}`].map(
        (group) => `arn:aws:eks:::group/${String(group)}`,
      ),
    };
  });
  return statements.includes(undefined) ? undefined : statements.filter((each) => each !== undefined);
}

/** A file of Kubernetes: the map itself, or the settings of eksctl that fill it. Source: eksctl, "Config file schema". */
export function clusterFacts(declared: Declared, value: unknown): Fact[] {
  if (!isFields(value)) return [];
  if (value['kind'] === 'ConfigMap') return clusterUsers(declared, value['metadata'], value['data']);
  if (value['kind'] !== 'ClusterConfig') return [];
  const iam = isFields(value['iam']) ? value['iam'] : {};
  const settings = [value['iamIdentityMappings'], value['accessConfig'], ...PODS.map((name) => iam[name])];
  if (settings.every((each) => each === undefined)) return [];
  const opaque = new Opaque(JSON.stringify(settings), 'what eksctl makes of it is not read');
  const part = composed(declared, 'eksctl', opaque);
  const entity = { type: 'cluster', ids: [declared.self] };
  return [factOf(declared, { entity, facet: 'cluster-access', defines: true, parts: [part] })];
}

const PODS = ['serviceAccounts', 'podIdentityAssociations'];

/** The provider's own resources of that map. */
export const configMap: Rule = (declared) =>
  clusterUsers(declared, declared.get('metadata'), declared.get('data'));

/** A manifest that Terraform applies, as an object or a text. */
export function manifest(property: string): Rule {
  return (declared) => {
    const given = declared.get(property);
    const read = typeof given === 'string' ? readSources(given) : undefined;
    const sources = read === undefined || typeof read === 'string' ? [] : read.map(({ value }) => value);
    return [given, ...sources].flatMap((value) => clusterFacts(declared, value));
  };
}
