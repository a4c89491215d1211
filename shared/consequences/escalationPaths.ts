/**
 * Ways to become a more privileged principal, as data: which calls, on what, and which service a role is passed to.
 * A row is public knowledge; `sources` names where. Nothing here knows a policy: `findEscalations` asks whether a
 * principal can do every call of a row.
 *
 * Sources:
 * - `pathfinding`: pathfinding.cloud, the catalogue of IAM privilege escalation paths (Datadog), by its ids
 * - `rhino`: Rhino Security Labs, "AWS IAM Privilege Escalation – Methods and Mitigation"
 * - `bishopfox`: Bishop Fox, "Privilege Escalation in AWS"
 * - `hacktricks`: HackTricks Cloud, "AWS Privilege Escalation"
 * - `prowler`: Prowler, check `iam_policy_allows_privilege_escalation`
 * - `sar`: Service Authorization Reference: the action lists `iam:PassRole` as a dependent action
 * - `guide`: the service's own guide
 */

/**
 * `self-escalation`: the principal gives itself more. `principal-access`: it takes over another principal.
 * `new-passrole`: it passes a role to something that it makes. `existing-passrole`: it uses something that has a role.
 */
export type EscalationKind = 'self-escalation' | 'principal-access' | 'new-passrole' | 'existing-passrole';

/** What the call of a step is made on; says which resources count. */
type StepTarget =
  /** A role, user, group or managed policy: whichever the action takes. */
  | 'principal'
  /** A role that trusts the service it is passed to. */
  | 'passed-role'
  /** Anything that the action takes. */
  | 'anything';

type EscalationStep = { readonly action: string; readonly on: StepTarget };

export type EscalationPath = {
  readonly id: string;
  readonly kind: EscalationKind;
  /** All are needed, by one principal. */
  readonly steps: readonly EscalationStep[];
  /** The service principal that the passed role must trust; absent unless a role is passed. */
  readonly passedTo?: string;
  /** The path frees its holder from its permissions boundary: it is none without one. */
  readonly needs?: 'boundary';
  /** What follows, after "it may ": for people. */
  readonly does: string;
  /** MITRE ATT&CK, Enterprise. */
  readonly technique: string;
  readonly sources: readonly string[];
};

const onPrincipals = (actions: readonly string[]): EscalationStep[] =>
  actions.map((action) => ({ action, on: 'principal' }));
const onAnything = (actions: readonly string[]): EscalationStep[] =>
  actions.map((action) => ({ action, on: 'anything' }));

const itself = (id: string, action: string, does: string, ...sources: readonly string[]): EscalationPath => ({
  id,
  kind: 'self-escalation',
  steps: onPrincipals([action]),
  does,
  technique: 'T1098.003',
  sources,
});

/** A change of one's own permissions boundary. */
const unbound = (id: string, action: string, does: string): EscalationPath => ({
  ...itself(id, action, does, 'hacktricks', 'guide IAM "Permissions boundaries"'),
  needs: 'boundary',
});

const another = (
  id: string,
  actions: readonly string[],
  does: string,
  technique: string,
  ...sources: readonly string[]
): EscalationPath => ({
  id,
  kind: 'principal-access',
  steps: onPrincipals(actions),
  does,
  technique,
  sources,
});

/** `iam:PassRole` and the calls that make something which runs as the role. */
const passed = (
  id: string,
  passedTo: string,
  actions: readonly string[],
  does: string,
  ...sources: readonly string[]
): EscalationPath => ({
  id,
  kind: 'new-passrole',
  steps: [{ action: 'iam:PassRole', on: 'passed-role' }, ...onAnything(actions)],
  passedTo,
  does: `pass a role to ${does}`,
  technique: 'T1548.005',
  sources,
});

/** Calls on something that has a role already. */
const existing = (
  id: string,
  actions: readonly string[],
  does: string,
  technique: string,
  ...sources: readonly string[]
): EscalationPath => ({
  id,
  kind: 'existing-passrole',
  steps: onAnything(actions),
  does,
  technique,
  sources,
});

// biome-ignore format: one row a line
const IAM: readonly EscalationPath[] = [
  itself('iam-create-policy-version', 'iam:CreatePolicyVersion', 'rewrite a managed policy', 'pathfinding iam-001', 'rhino'),
  itself('iam-set-default-policy-version', 'iam:SetDefaultPolicyVersion', 'switch a managed policy to another version', 'rhino', 'prowler'),
  itself('iam-put-role-policy', 'iam:PutRolePolicy', 'write a role’s inline policies', 'pathfinding iam-005', 'rhino'),
  itself('iam-put-user-policy', 'iam:PutUserPolicy', 'write a user’s inline policies', 'pathfinding iam-007', 'rhino'),
  itself('iam-put-group-policy', 'iam:PutGroupPolicy', 'write a group’s inline policies', 'pathfinding iam-011', 'rhino'),
  itself('iam-attach-role-policy', 'iam:AttachRolePolicy', 'attach any policy to a role', 'pathfinding iam-009', 'rhino'),
  itself('iam-attach-user-policy', 'iam:AttachUserPolicy', 'attach any policy to a user', 'pathfinding iam-008', 'rhino'),
  itself('iam-attach-group-policy', 'iam:AttachGroupPolicy', 'attach any policy to a group', 'pathfinding iam-010', 'rhino'),
  itself('iam-add-user-to-group', 'iam:AddUserToGroup', 'add a user to any group', 'pathfinding iam-013', 'rhino'),
  unbound('iam-delete-role-boundary', 'iam:DeleteRolePermissionsBoundary', 'remove a role’s permissions boundary'),
  unbound('iam-put-role-boundary', 'iam:PutRolePermissionsBoundary', 'replace a role’s permissions boundary'),
  unbound('iam-delete-user-boundary', 'iam:DeleteUserPermissionsBoundary', 'remove a user’s permissions boundary'),
  unbound('iam-put-user-boundary', 'iam:PutUserPermissionsBoundary', 'replace a user’s permissions boundary'),
  another('iam-create-access-key', ['iam:CreateAccessKey'], 'create access keys of another user', 'T1098.001', 'pathfinding iam-002', 'rhino'),
  another('iam-replace-access-key', ['iam:CreateAccessKey', 'iam:DeleteAccessKey'], 'replace the access keys of another user', 'T1098.001', 'pathfinding iam-003'),
  another('iam-create-login-profile', ['iam:CreateLoginProfile'], 'give another user a password', 'T1098.001', 'pathfinding iam-004', 'rhino'),
  another('iam-update-login-profile', ['iam:UpdateLoginProfile'], 'change the password of another user', 'T1098.001', 'pathfinding iam-006', 'rhino'),
  another('iam-create-service-credential', ['iam:CreateServiceSpecificCredential'], 'create service credentials of another user', 'T1098.001', 'hacktricks'),
  another('iam-reset-service-credential', ['iam:ResetServiceSpecificCredential'], 'reset service credentials of another user', 'T1098.001', 'hacktricks'),
  another('iam-update-assume-role-policy', ['iam:UpdateAssumeRolePolicy'], 'make a role trust anybody', 'T1548.005', 'pathfinding iam-012', 'rhino'),
  another('iam-attach-role-policy-assume', ['iam:AttachRolePolicy', 'sts:AssumeRole'], 'attach any policy to a role and assume it', 'T1548.005', 'pathfinding iam-014'),
  another('iam-attach-user-policy-key', ['iam:AttachUserPolicy', 'iam:CreateAccessKey'], 'attach any policy to a user and create its access keys', 'T1098.001', 'pathfinding iam-015'),
  another('iam-policy-version-assume', ['iam:CreatePolicyVersion', 'sts:AssumeRole'], 'rewrite the policy of a role and assume it', 'T1548.005', 'pathfinding iam-016'),
  another('iam-put-role-policy-assume', ['iam:PutRolePolicy', 'sts:AssumeRole'], 'write a role’s inline policies and assume it', 'T1548.005', 'pathfinding iam-017'),
  another('iam-put-user-policy-key', ['iam:PutUserPolicy', 'iam:CreateAccessKey'], 'write a user’s inline policies and create its access keys', 'T1098.001', 'pathfinding iam-018'),
  another('iam-attach-role-policy-trust', ['iam:AttachRolePolicy', 'iam:UpdateAssumeRolePolicy'], 'attach any policy to a role and make it trust anybody', 'T1548.005', 'pathfinding iam-019'),
  another('iam-policy-version-trust', ['iam:CreatePolicyVersion', 'iam:UpdateAssumeRolePolicy'], 'rewrite the policy of a role and make it trust anybody', 'T1548.005', 'pathfinding iam-020'),
  another('iam-put-role-policy-trust', ['iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'], 'write a role’s inline policies and make it trust anybody', 'T1548.005', 'pathfinding iam-021'),
  another('sts-assume-role', ['sts:AssumeRole'], 'assume roles', 'T1548.005', 'pathfinding sts-001'),
  {
    id: 'sts-assume-root',
    kind: 'principal-access',
    steps: onAnything(['sts:AssumeRoot']),
    does: 'act as the root user of member accounts',
    technique: 'T1548.005',
    sources: ['guide IAM "Centralize root access for member accounts"'],
  },
  ...(
  // biome-ignore format: one row a line
  [
      ['iam-update-saml-provider', 'iam:UpdateSAMLProvider', 'replace the metadata of a SAML provider'],
      [
        'iam-oidc-thumbprint',
        'iam:UpdateOpenIDConnectProviderThumbprint',
        'replace the thumbprints of an identity provider',
      ],
      ['iam-oidc-client', 'iam:AddClientIDToOpenIDConnectProvider', 'add audiences to an identity provider'],
    ] as const
  ).map(
    ([id, action, does]): EscalationPath => ({
      id,
      kind: 'principal-access',
      steps: onAnything([action]),
      does: `${does} that roles trust`,
      technique: 'T1484.002',
      sources: ['hacktricks'],
    }),
  ),
];

const IDENTITY_CENTER: readonly EscalationPath[] = (
  [
    [
      'sso-inline-policy',
      ['sso:PutInlinePolicyToPermissionSet'],
      'write the inline policy of a permission set',
    ],
    [
      'sso-managed-policy',
      ['sso:AttachManagedPolicyToPermissionSet'],
      'attach any policy to a permission set',
    ],
    [
      'sso-customer-policy',
      ['sso:AttachCustomerManagedPolicyReferenceToPermissionSet'],
      'attach any policy to a permission set',
    ],
    ['sso-assignment', ['sso:CreateAccountAssignment'], 'assign any permission set to anybody'],
    [
      'sso-boundary',
      ['sso:DeletePermissionsBoundaryFromPermissionSet'],
      'remove the boundary of a permission set',
    ],
    [
      'identitystore-membership',
      ['identitystore:CreateGroupMembership'],
      'add anybody to groups that permission sets are assigned to',
    ],
    [
      'sso-directory-membership',
      ['sso-directory:AddMemberToGroup'],
      'add anybody to groups that permission sets are assigned to',
    ],
    [
      'sso-directory-password',
      ['sso-directory:UpdatePassword'],
      'change the password of a user of Identity Center',
    ],
  ] as const
).map(([id, actions, does]) => ({
  id,
  kind: 'principal-access',
  steps: onAnything(actions),
  does,
  technique: 'T1098.003',
  sources: ['hacktricks'],
}));

// biome-ignore format: one row a line
const PASSED: readonly EscalationPath[] = [
  passed('amplify-create-app', 'amplify.amazonaws.com', ['amplify:CreateApp', 'amplify:CreateBranch', 'amplify:StartJob'], 'an Amplify app that it builds', 'sar'),
  passed('apprunner-create-service', 'tasks.apprunner.amazonaws.com', ['apprunner:CreateService'], 'an App Runner service that it creates', 'pathfinding apprunner-001'),
  passed('apprunner-update-service', 'tasks.apprunner.amazonaws.com', ['apprunner:UpdateService'], 'an App Runner service that it changes', 'sar'),
  passed('autoscaling-launch-configuration', 'ec2.amazonaws.com', ['autoscaling:CreateLaunchConfiguration', 'autoscaling:CreateAutoScalingGroup'], 'instances that an Auto Scaling group launches', 'prowler', 'hacktricks'),
  passed('autoscaling-update-group', 'ec2.amazonaws.com', ['autoscaling:CreateLaunchConfiguration', 'autoscaling:UpdateAutoScalingGroup'], 'instances that an Auto Scaling group launches', 'prowler', 'hacktricks'),
  passed('autoscaling-launch-template', 'ec2.amazonaws.com', ['ec2:CreateLaunchTemplate', 'autoscaling:CreateAutoScalingGroup'], 'instances that an Auto Scaling group launches', 'hacktricks'),
  passed('batch-job-definition', 'ecs-tasks.amazonaws.com', ['batch:RegisterJobDefinition', 'batch:SubmitJob'], 'a Batch job that it defines', 'pathfinding batch-001', 'hacktricks'),
  passed('batch-compute-environment', 'ec2.amazonaws.com', ['batch:CreateComputeEnvironment', 'batch:CreateJobQueue', 'batch:RegisterJobDefinition', 'batch:SubmitJob'], 'instances of a Batch compute environment', 'pathfinding batch-002'),
  passed('bedrock-code-interpreter', 'bedrock-agentcore.amazonaws.com', ['bedrock-agentcore:CreateCodeInterpreter', 'bedrock-agentcore:InvokeCodeInterpreter'], 'a code interpreter that it creates', 'pathfinding bedrock-001', 'prowler'),
  passed('bedrock-agent-runtime', 'bedrock-agentcore.amazonaws.com', ['bedrock-agentcore:CreateAgentRuntime', 'bedrock-agentcore:InvokeAgentRuntime'], 'an agent runtime that it creates', 'sar'),
  passed('bedrock-agent-runtime-update', 'bedrock-agentcore.amazonaws.com', ['bedrock-agentcore:UpdateAgentRuntime', 'bedrock-agentcore:InvokeAgentRuntime'], 'an agent runtime that it changes', 'sar'),
  passed('bedrock-browser', 'bedrock-agentcore.amazonaws.com', ['bedrock-agentcore:CreateBrowser', 'bedrock-agentcore:StartBrowserSession'], 'a browser that it creates', 'sar'),
  passed('bedrock-agent', 'bedrock.amazonaws.com', ['bedrock:CreateAgent', 'bedrock:InvokeAgent'], 'a Bedrock agent that it creates', 'sar'),
  passed('braket-create-job', 'braket.amazonaws.com', ['braket:CreateJob'], 'a Braket job that it starts', 'pathfinding braket-001', 'hacktricks'),
  passed('cloudformation-create-stack', 'cloudformation.amazonaws.com', ['cloudformation:CreateStack'], 'a stack that it creates', 'pathfinding cloudformation-001', 'rhino'),
  passed('cloudformation-update-stack', 'cloudformation.amazonaws.com', ['cloudformation:UpdateStack'], 'a stack that it changes', 'hacktricks'),
  passed('cloudformation-change-set', 'cloudformation.amazonaws.com', ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'], 'a change set that it executes', 'hacktricks'),
  passed('cloudformation-create-stack-set', 'cloudformation.amazonaws.com', ['cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances'], 'a stack set that it creates', 'pathfinding cloudformation-003'),
  passed('cloudformation-update-stack-set', 'cloudformation.amazonaws.com', ['cloudformation:UpdateStackSet'], 'a stack set that it changes', 'pathfinding cloudformation-004'),
  passed('codebuild-start-build', 'codebuild.amazonaws.com', ['codebuild:CreateProject', 'codebuild:StartBuild'], 'a build project that it creates', 'pathfinding codebuild-001', 'hacktricks'),
  passed('codebuild-start-build-batch', 'codebuild.amazonaws.com', ['codebuild:CreateProject', 'codebuild:StartBuildBatch'], 'a build project that it creates', 'pathfinding codebuild-004'),
  passed('codebuild-update-project', 'codebuild.amazonaws.com', ['codebuild:UpdateProject', 'codebuild:StartBuild'], 'a build project that it changes', 'hacktricks'),
  passed('codebuild-update-project-batch', 'codebuild.amazonaws.com', ['codebuild:UpdateProject', 'codebuild:StartBuildBatch'], 'a build project that it changes', 'hacktricks'),
  passed('codedeploy-deployment-group', 'codedeploy.amazonaws.com', ['codedeploy:CreateDeploymentGroup', 'codedeploy:CreateDeployment'], 'a deployment group that it creates', 'sar'),
  passed('codepipeline-create', 'codepipeline.amazonaws.com', ['codepipeline:CreatePipeline'], 'a pipeline that it creates', 'hacktricks'),
  passed('codepipeline-update', 'codepipeline.amazonaws.com', ['codepipeline:UpdatePipeline'], 'a pipeline that it changes', 'hacktricks'),
  passed('codestar-create-project', 'codestar.amazonaws.com', ['codestar:CreateProject'], 'a CodeStar project that it creates', 'rhino', 'prowler'),
  passed('cognito-identity-pool-roles', 'cognito-identity.amazonaws.com', ['cognito-identity:SetIdentityPoolRoles'], 'guests of an identity pool', 'pathfinding cognitoidentity-001', 'hacktricks'),
  passed('datapipeline', 'datapipeline.amazonaws.com', ['datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition', 'datapipeline:ActivatePipeline'], 'a data pipeline that it creates', 'pathfinding datapipeline-001', 'rhino'),
  passed('ec2-run-instances', 'ec2.amazonaws.com', ['ec2:RunInstances'], 'an instance that it launches', 'pathfinding ec2-001', 'rhino'),
  passed('ec2-spot-instances', 'ec2.amazonaws.com', ['ec2:RequestSpotInstances'], 'a Spot Instance that it requests', 'pathfinding ec2-004', 'prowler'),
  passed('ec2-spot-fleet', 'ec2.amazonaws.com', ['ec2:RequestSpotFleet'], 'a Spot Fleet that it requests', 'sar'),
  passed('ec2-fleet', 'ec2.amazonaws.com', ['ec2:CreateLaunchTemplate', 'ec2:CreateFleet'], 'a fleet that it creates', 'sar'),
  passed('ec2-associate-profile', 'ec2.amazonaws.com', ['ec2:AssociateIamInstanceProfile'], 'an instance that is running', 'hacktricks', 'bishopfox'),
  passed('ec2-replace-profile', 'ec2.amazonaws.com', ['ec2:ReplaceIamInstanceProfileAssociation'], 'an instance that is running', 'hacktricks'),
  passed('ecs-create-service', 'ecs-tasks.amazonaws.com', ['ecs:RegisterTaskDefinition', 'ecs:CreateService'], 'an ECS task that it defines', 'pathfinding ecs-001', 'pathfinding ecs-003'),
  passed('ecs-update-service', 'ecs-tasks.amazonaws.com', ['ecs:RegisterTaskDefinition', 'ecs:UpdateService'], 'an ECS task that it defines', 'hacktricks'),
  passed('ecs-run-task', 'ecs-tasks.amazonaws.com', ['ecs:RegisterTaskDefinition', 'ecs:RunTask'], 'an ECS task that it defines', 'pathfinding ecs-002', 'pathfinding ecs-004'),
  passed('ecs-start-task', 'ecs-tasks.amazonaws.com', ['ecs:RegisterTaskDefinition', 'ecs:StartTask'], 'an ECS task that it defines', 'pathfinding ecs-005'),
  passed('ecs-register-container-instance', 'ecs-tasks.amazonaws.com', ['ecs:RegisterContainerInstance', 'ecs:StartTask'], 'an ECS task on a machine of its own', 'pathfinding ecs-007', 'prowler'),
  passed('ecs-run-task-override', 'ecs-tasks.amazonaws.com', ['ecs:RunTask'], 'an ECS task whose command it overrides', 'pathfinding ecs-008', 'prowler'),
  passed('ecs-start-task-override', 'ecs-tasks.amazonaws.com', ['ecs:StartTask'], 'an ECS task whose command it overrides', 'pathfinding ecs-009'),
  passed('eks-pod-identity', 'pods.eks.amazonaws.com', ['eks:CreatePodIdentityAssociation'], 'pods of a cluster', 'guide EKS "Pod Identities"', 'hacktricks'),
  passed('eks-nodegroup', 'ec2.amazonaws.com', ['eks:CreateNodegroup'], 'nodes of a cluster', 'sar'),
  passed('eks-fargate-profile', 'eks-fargate-pods.amazonaws.com', ['eks:CreateFargateProfile'], 'pods of a cluster', 'sar'),
  passed('elasticbeanstalk-create-environment', 'ec2.amazonaws.com', ['elasticbeanstalk:CreateApplicationVersion', 'elasticbeanstalk:CreateEnvironment'], 'an Elastic Beanstalk environment that it creates', 'hacktricks'),
  passed('emr-run-job-flow', 'ec2.amazonaws.com', ['elasticmapreduce:RunJobFlow'], 'an EMR cluster that it starts', 'pathfinding emr-001', 'hacktricks'),
  passed('emr-serverless-job', 'emr-serverless.amazonaws.com', ['emr-serverless:CreateApplication', 'emr-serverless:StartJobRun'], 'an EMR Serverless job that it starts', 'pathfinding emrserverless-001'),
  passed('emr-serverless-existing', 'emr-serverless.amazonaws.com', ['emr-serverless:StartJobRun'], 'an EMR Serverless job that it starts', 'sar'),
  passed('emr-studio', 'elasticmapreduce.amazonaws.com', ['elasticmapreduce:CreateStudio'], 'an EMR Studio that it creates', 'hacktricks'),
  passed('events-put-targets', 'events.amazonaws.com', ['events:PutRule', 'events:PutTargets'], 'a rule’s target', 'hacktricks'),
  passed('fis-experiment', 'fis.amazonaws.com', ['fis:CreateExperimentTemplate', 'fis:StartExperiment'], 'an experiment that it defines', 'sar'),
  passed('gamelift-fleet', 'gamelift.amazonaws.com', ['gamelift:CreateFleet'], 'a GameLift fleet that it creates', 'pathfinding gamelift-001', 'hacktricks'),
  passed('gamelift-build-fleet', 'gamelift.amazonaws.com', ['gamelift:CreateBuild', 'gamelift:CreateFleet'], 'a GameLift fleet that it creates', 'pathfinding gamelift-001'),
  passed('glue-dev-endpoint', 'glue.amazonaws.com', ['glue:CreateDevEndpoint'], 'a Glue development endpoint that it creates', 'pathfinding glue-001', 'rhino'),
  passed('glue-create-job', 'glue.amazonaws.com', ['glue:CreateJob', 'glue:StartJobRun'], 'a Glue job that it creates', 'pathfinding glue-003'),
  passed('glue-create-job-trigger', 'glue.amazonaws.com', ['glue:CreateJob', 'glue:CreateTrigger'], 'a Glue job that it creates', 'pathfinding glue-004'),
  passed('glue-update-job', 'glue.amazonaws.com', ['glue:UpdateJob', 'glue:StartJobRun'], 'a Glue job that it changes', 'pathfinding glue-005'),
  passed('glue-update-job-trigger', 'glue.amazonaws.com', ['glue:UpdateJob', 'glue:CreateTrigger'], 'a Glue job that it changes', 'pathfinding glue-006'),
  passed('glue-session', 'glue.amazonaws.com', ['glue:CreateSession', 'glue:RunStatement'], 'a Glue session that it creates', 'pathfinding glue-007'),
  passed('imagebuilder', 'ec2.amazonaws.com', ['imagebuilder:CreateInfrastructureConfiguration', 'imagebuilder:CreateImage'], 'instances that build an image', 'pathfinding imagebuilder-001'),
  passed('iot-role-alias', 'credentials.iot.amazonaws.com', ['iot:CreateRoleAlias'], 'devices through a role alias', 'hacktricks'),
  passed('kinesisanalytics', 'kinesisanalytics.amazonaws.com', ['kinesisanalytics:CreateApplication', 'kinesisanalytics:StartApplication'], 'a Flink application that it creates', 'pathfinding kinesisanalytics-001'),
  passed('lambda-invoke', 'lambda.amazonaws.com', ['lambda:CreateFunction', 'lambda:InvokeFunction'], 'a Lambda function that it creates', 'pathfinding lambda-001', 'rhino'),
  passed('lambda-event-source', 'lambda.amazonaws.com', ['lambda:CreateFunction', 'lambda:CreateEventSourceMapping'], 'a Lambda function that it creates', 'pathfinding lambda-002', 'rhino'),
  passed('lambda-add-permission', 'lambda.amazonaws.com', ['lambda:CreateFunction', 'lambda:AddPermission'], 'a Lambda function that it creates', 'pathfinding lambda-006'),
  passed('lambda-function-url', 'lambda.amazonaws.com', ['lambda:CreateFunction', 'lambda:CreateFunctionUrlConfig', 'lambda:InvokeFunctionUrl'], 'a Lambda function that it creates', 'hacktricks'),
  passed('lambda-update-configuration', 'lambda.amazonaws.com', ['lambda:UpdateFunctionConfiguration', 'lambda:UpdateFunctionCode'], 'a Lambda function that it changes', 'hacktricks'),
  passed('mwaa-environment', 'airflow-env.amazonaws.com', ['airflow:CreateEnvironment'], 'an Airflow environment that it creates', 'hacktricks'),
  passed('omics-run', 'omics.amazonaws.com', ['omics:CreateWorkflow', 'omics:StartRun'], 'a HealthOmics run that it starts', 'pathfinding omics-001'),
  passed('omics-existing-run', 'omics.amazonaws.com', ['omics:StartRun'], 'a HealthOmics run that it starts', 'sar'),
  passed('opsworks', 'opsworks.amazonaws.com', ['opsworks:CreateStack', 'opsworks:CreateInstance'], 'instances of an OpsWorks stack', 'sar'),
  passed('robomaker', 'robomaker.amazonaws.com', ['robomaker:CreateSimulationJob'], 'a simulation that it starts', 'sar'),
  passed('sagemaker-notebook', 'sagemaker.amazonaws.com', ['sagemaker:CreateNotebookInstance'], 'a notebook that it creates', 'pathfinding sagemaker-001', 'bishopfox'),
  passed('sagemaker-training-job', 'sagemaker.amazonaws.com', ['sagemaker:CreateTrainingJob'], 'a training job that it starts', 'pathfinding sagemaker-002'),
  passed('sagemaker-processing-job', 'sagemaker.amazonaws.com', ['sagemaker:CreateProcessingJob'], 'a processing job that it starts', 'pathfinding sagemaker-003'),
  passed('sagemaker-tuning-job', 'sagemaker.amazonaws.com', ['sagemaker:CreateHyperParameterTuningJob'], 'a tuning job that it starts', 'hacktricks'),
  passed('sagemaker-automl-job', 'sagemaker.amazonaws.com', ['sagemaker:CreateAutoMLJob'], 'an AutoML job that it starts', 'hacktricks'),
  passed('sagemaker-endpoint', 'sagemaker.amazonaws.com', ['sagemaker:CreateModel', 'sagemaker:CreateEndpoint'], 'a model that it deploys', 'hacktricks'),
  passed('sagemaker-domain', 'sagemaker.amazonaws.com', ['sagemaker:CreateDomain', 'sagemaker:CreatePresignedDomainUrl'], 'a SageMaker domain that it creates', 'hacktricks'),
  passed('sagemaker-user-profile', 'sagemaker.amazonaws.com', ['sagemaker:CreateUserProfile', 'sagemaker:CreatePresignedDomainUrl'], 'a SageMaker user that it creates', 'hacktricks'),
  passed('sagemaker-pipeline', 'sagemaker.amazonaws.com', ['sagemaker:CreatePipeline', 'sagemaker:StartPipelineExecution'], 'a pipeline that it starts', 'sar'),
  passed('scheduler', 'scheduler.amazonaws.com', ['scheduler:CreateSchedule'], 'a schedule that it creates', 'hacktricks'),
  passed('s3-batch-job', 'batchoperations.s3.amazonaws.com', ['s3:CreateJob'], 'an S3 Batch Operations job that it creates', 'sar'),
  passed('servicecatalog-launch', 'servicecatalog.amazonaws.com', ['servicecatalog:CreateConstraint', 'servicecatalog:ProvisionProduct'], 'a product that it launches', 'hacktricks'),
  passed('ssm-automation', 'ssm.amazonaws.com', ['ssm:CreateDocument', 'ssm:StartAutomationExecution'], 'an Automation runbook that it writes', 'pathfinding ssm-003', 'prowler'),
  passed('ssm-automation-existing', 'ssm.amazonaws.com', ['ssm:StartAutomationExecution'], 'an Automation runbook that it starts', 'hacktricks'),
  passed('ssm-maintenance-window', 'ssm.amazonaws.com', ['ssm:RegisterTaskWithMaintenanceWindow'], 'a task of a maintenance window', 'sar'),
  passed('stepfunctions-create', 'states.amazonaws.com', ['states:CreateStateMachine', 'states:StartExecution'], 'a state machine that it creates', 'hacktricks'),
  passed('stepfunctions-update', 'states.amazonaws.com', ['states:UpdateStateMachine', 'states:StartExecution'], 'a state machine that it changes', 'hacktricks'),
  passed('synthetics-canary', 'lambda.amazonaws.com', ['synthetics:CreateCanary', 'synthetics:StartCanary'], 'a canary that it creates', 'sar'),
  passed('transfer-user', 'transfer.amazonaws.com', ['transfer:CreateUser'], 'a Transfer Family user that it creates', 'sar'),
  passed('rolesanywhere-profile', 'rolesanywhere.amazonaws.com', ['rolesanywhere:CreateProfile', 'rolesanywhere:CreateTrustAnchor'], 'holders of a certificate that it trusts', 'hacktricks'),
];

// biome-ignore format: one row a line
const EXISTING: readonly EscalationPath[] = [
  existing('apprunner-update-existing', ['apprunner:UpdateService'], 'change the code of an App Runner service', 'T1651', 'pathfinding apprunner-002'),
  existing('batch-submit-existing', ['batch:SubmitJob'], 'override the command of a Batch job', 'T1651', 'pathfinding batch-003'),
  existing('bedrock-code-interpreter-existing', ['bedrock-agentcore:StartCodeInterpreterSession', 'bedrock-agentcore:InvokeCodeInterpreter'], 'run code in a code interpreter', 'T1651', 'pathfinding bedrock-002'),
  existing('cloudformation-update-existing', ['cloudformation:UpdateStack'], 'change a stack that has a service role', 'T1648', 'pathfinding cloudformation-002'),
  existing('cloudformation-change-set-existing', ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'], 'change a stack that has a service role', 'T1648', 'pathfinding cloudformation-005'),
  existing('codebuild-start-existing', ['codebuild:StartBuild'], 'override the commands of a build', 'T1651', 'pathfinding codebuild-002'),
  existing('codebuild-batch-existing', ['codebuild:StartBuildBatch'], 'override the commands of a build', 'T1651', 'pathfinding codebuild-003'),
  existing('codedeploy-existing', ['codedeploy:CreateDeployment', 'codedeploy:RegisterApplicationRevision'], 'deploy code to instances', 'T1651', 'pathfinding codedeploy-001'),
  existing('ec2-user-data', ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'], 'change what an instance runs when it starts', 'T1651', 'pathfinding ec2-002', 'hacktricks'),
  existing('ec2-instance-connect', ['ec2-instance-connect:SendSSHPublicKey'], 'log in to an instance', 'T1651', 'pathfinding ec2instanceconnect-003', 'bishopfox'),
  existing('ec2-serial-console', ['ec2-instance-connect:SendSerialConsoleSSHPublicKey'], 'log in to the serial console of an instance', 'T1651', 'hacktricks'),
  existing('ec2-launch-template', ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'], 'change what instances of a launch template run', 'T1578', 'pathfinding ec2-005'),
  existing('ecs-execute-command', ['ecs:ExecuteCommand'], 'run commands in an ECS task', 'T1651', 'pathfinding ecs-006', 'prowler'),
  existing('eks-access-entry', ['eks:CreateAccessEntry', 'eks:AssociateAccessPolicy'], 'become administrator of a cluster', 'T1098.003', 'guide EKS "Access entries"', 'hacktricks'),
  existing('emr-add-steps', ['elasticmapreduce:AddJobFlowSteps'], 'run steps on an EMR cluster', 'T1651', 'hacktricks'),
  existing('emr-notebook', ['elasticmapreduce:OpenEditorInConsole'], 'open a notebook of EMR', 'T1651', 'hacktricks'),
  existing('glue-update-dev-endpoint', ['glue:UpdateDevEndpoint'], 'put its key on a Glue development endpoint', 'T1651', 'pathfinding glue-002', 'rhino'),
  existing('glue-run-statement', ['glue:RunStatement'], 'run code in a Glue session', 'T1651', 'hacktricks'),
  existing('lambda-update-code', ['lambda:UpdateFunctionCode'], 'replace the code of a Lambda function', 'T1648', 'pathfinding lambda-003', 'rhino'),
  existing('lambda-update-code-invoke', ['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'], 'replace the code of a Lambda function and invoke it', 'T1648', 'pathfinding lambda-004'),
  existing('lambda-update-code-permission', ['lambda:UpdateFunctionCode', 'lambda:AddPermission'], 'replace the code of a Lambda function and let others invoke it', 'T1648', 'pathfinding lambda-005'),
  existing('lambda-update-configuration-layer', ['lambda:UpdateFunctionConfiguration'], 'put a layer of its own into a Lambda function', 'T1648', 'rhino', 'prowler'),
  existing('mwaa-web-token', ['airflow:CreateWebLoginToken'], 'log in to an Airflow environment', 'T1651', 'hacktricks'),
  existing('mwaa-cli-token', ['airflow:CreateCliToken'], 'run commands in an Airflow environment', 'T1651', 'hacktricks'),
  existing('sagemaker-presigned-notebook', ['sagemaker:CreatePresignedNotebookInstanceUrl'], 'open a notebook', 'T1651', 'pathfinding sagemaker-004', 'bishopfox'),
  existing('sagemaker-presigned-domain', ['sagemaker:CreatePresignedDomainUrl'], 'log in to a SageMaker domain as any user', 'T1651', 'hacktricks'),
  existing('sagemaker-lifecycle-new', ['sagemaker:CreateNotebookInstanceLifecycleConfig', 'sagemaker:StopNotebookInstance', 'sagemaker:UpdateNotebookInstance', 'sagemaker:StartNotebookInstance'], 'run commands when a notebook starts', 'T1651', 'pathfinding sagemaker-005'),
  existing('sagemaker-lifecycle-update', ['sagemaker:UpdateNotebookInstanceLifecycleConfig', 'sagemaker:StopNotebookInstance', 'sagemaker:StartNotebookInstance'], 'run commands when a notebook starts', 'T1651', 'hacktricks'),
  existing('ssm-start-session', ['ssm:StartSession'], 'open a session on an instance', 'T1651', 'pathfinding ssm-001', 'hacktricks'),
  existing('ssm-send-command', ['ssm:SendCommand'], 'run commands on an instance', 'T1651', 'pathfinding ssm-002', 'hacktricks'),
  existing('ssm-create-association', ['ssm:CreateAssociation'], 'run commands on instances by an association', 'T1651', 'hacktricks'),
  existing('stepfunctions-update-existing', ['states:UpdateStateMachine'], 'change a state machine that has a role', 'T1648', 'hacktricks'),
  existing('codepipeline-existing', ['codepipeline:UpdatePipeline', 'codepipeline:StartPipelineExecution'], 'change a pipeline that has a role', 'T1648', 'hacktricks'),
];

/** Every path, in the order in which findings name them: by what they need least. */
export const ESCALATION_PATHS: readonly EscalationPath[] = [
  ...IAM,
  ...IDENTITY_CENTER,
  ...PASSED,
  ...EXISTING,
];
