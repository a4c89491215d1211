/** An EKS cluster: node roles, add-ons, and roles of pods, by OIDC (IRSA) or by EKS Pod Identity. */
import * as account from './account.ts';
import { ACCOUNT, allow, arn, awsPolicy, document, iamArn, REGION, service, trust } from './account.ts';
import * as calls from './calls.ts';
import { at, type Call, type Run } from './calls.ts';

export const ISSUER = `oidc.eks.${REGION}.amazonaws.com/id/9D4E21C0B7A85F3364EE10ACFD72B915`;
const irsa = (namespace: string, name: string) =>
  trust(
    { Federated: iamArn(`oidc-provider/${ISSUER}`) },
    {
      StringEquals: {
        [`${ISSUER}:aud`]: 'sts.amazonaws.com',
        [`${ISSUER}:sub`]: `system:serviceaccount:${namespace}:${name}`,
      },
    },
    'sts:AssumeRoleWithWebIdentity',
  );
const podIdentity = trust(service('pods.eks'), account.sourceAccount, ['sts:AssumeRole', 'sts:TagSession']);
const table = (name: string) => arn('dynamodb', `table/${name}`);
const NODE_POLICIES = [
  'AmazonEKSWorkerNodePolicy',
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonSSMManagedInstanceCore',
];

/** As the public example of the project asks: to manage what carries the cluster's tag. */
const loadBalancers = (...more: account.Statement[]) =>
  document(
    allow(['ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups', 'elasticloadbalancing:Describe*'], '*'),
    allow(['elasticloadbalancing:CreateListener', 'elasticloadbalancing:DeleteListener'], '*'),
    allow(['elasticloadbalancing:CreateLoadBalancer', 'elasticloadbalancing:CreateTargetGroup'], '*', {
      Null: { 'aws:RequestTag/elbv2.k8s.aws/cluster': 'false' },
    }),
    ...more,
  );

/** Returns what happens to the cluster: made on the second day, then a pod's role now and then. */
export function runCluster(): Run[] {
  const run = (day: number, hour: number, ...made: Call[]): Run => ({
    minute: at(day, hour, 48),
    actor: account.terraform,
    calls: made,
  });
  const pod = (name: string, ...statements: account.Statement[]) => [
    calls.createRole(`acme-pod-${name}`, irsa('shop', name)),
    calls.putRolePolicy(`acme-pod-${name}`, 'pod', document(...statements)),
  ];
  return [
    run(
      1,
      13,
      calls.createRole(
        'acme-prod-cluster',
        trust(service('eks'), undefined, ['sts:AssumeRole', 'sts:TagSession']),
      ),
      calls.attachRolePolicy('acme-prod-cluster', awsPolicy('AmazonEKSClusterPolicy')),
      calls.createRole('acme-prod-node', trust(service('ec2'))),
      ...NODE_POLICIES.map((name) => calls.attachRolePolicy('acme-prod-node', awsPolicy(name))),
      calls.createLinkedRole('eks'),
      calls.createOidcProvider(ISSUER),
      calls.createRole('acme-prod-aws-node', irsa('kube-system', 'aws-node')),
      calls.attachRolePolicy('acme-prod-aws-node', awsPolicy('AmazonEKS_CNI_Policy')),
      calls.createRole('acme-prod-ebs-csi', irsa('kube-system', 'ebs-csi-controller-sa')),
      calls.attachRolePolicy('acme-prod-ebs-csi', awsPolicy('service-role/AmazonEBSCSIDriverPolicy')),
      calls.createRole('acme-prod-alb', irsa('kube-system', 'aws-load-balancer-controller')),
      calls.createPolicy('acme-prod-alb', loadBalancers()),
      calls.attachRolePolicy('acme-prod-alb', iamArn('policy/acme-prod-alb')),
      calls.createAccessEntry(iamArn('role/ci/acme-terraform')),
    ),
    run(4, 9, ...pod('cart', allow(['dynamodb:GetItem', 'dynamodb:PutItem'], table('cart')))),
    run(6, 15, calls.attachRolePolicy('acme-prod-node', awsPolicy('CloudWatchAgentServerPolicy'))),
    run(8, 9, ...pod('stock', allow('dynamodb:Query', table('catalog')))),
    run(
      11,
      15,
      ...calls.newPolicyVersion(
        'acme-prod-alb',
        2,
        loadBalancers(
          allow('elasticloadbalancing:AddTags', '*', {
            StringEquals: { 'elasticloadbalancing:CreateAction': 'CreateLoadBalancer' },
          }),
        ),
      ),
    ),
    run(
      12,
      9,
      calls.putRolePolicy(
        'acme-pod-cart',
        'pod',
        document(allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], table('cart'))),
      ),
    ),
    run(
      14,
      9,
      calls.createRole('acme-prod-external-dns', podIdentity),
      calls.putRolePolicy(
        'acme-prod-external-dns',
        'zones',
        document(
          allow('route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/Z08412331N5XW2LQ7ACME'),
          allow(['route53:ListHostedZones', 'route53:ListResourceRecordSets'], '*'),
        ),
      ),
    ),
    // The pod's role moves from OIDC to Pod Identity.
    run(15, 16, calls.updateTrust('acme-pod-stock', podIdentity)),
    run(18, 14, calls.updateTrust('acme-pod-cart', irsa('shop-v2', 'cart'))),
    run(
      19,
      15,
      calls.createAccessEntry(iamArn(`role/${account.reservedRole('DeveloperAccess')}`)),
      calls.associateAccessPolicy(
        iamArn(`role/${account.reservedRole('DeveloperAccess')}`),
        'AmazonEKSViewPolicy',
        'shop',
      ),
    ),
    run(
      21,
      9,
      ...pod(
        'mailer',
        allow('sqs:SendMessage', arn('sqs', 'notifications-events')),
        allow('ses:SendEmail', `arn:aws:ses:${REGION}:${ACCOUNT}:identity/acme.example`),
      ),
    ),
    run(
      22,
      9,
      calls.createRole('acme-prod-karpenter', podIdentity),
      calls.putRolePolicy(
        'acme-prod-karpenter',
        'nodes',
        document(
          allow(['ec2:CreateFleet', 'ec2:RunInstances', 'ec2:CreateTags', 'ec2:TerminateInstances'], '*', {
            StringEquals: { 'aws:RequestedRegion': REGION },
          }),
          allow('iam:PassRole', iamArn('role/acme-prod-node'), {
            StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
          }),
        ),
      ),
    ),
    run(26, 9, calls.detachRolePolicy('acme-prod-node', awsPolicy('CloudWatchAgentServerPolicy'))),
    run(27, 15, calls.deleteRolePolicy('acme-pod-mailer', 'pod'), calls.deleteRole('acme-pod-mailer')),
  ];
}
