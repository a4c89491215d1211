/** What being on the sharing list of a snapshot or an image allows. Source: EC2 User Guide, "Share an AMI". */
export const SNAPSHOT_ACTIONS = ['ec2:CreateVolume', 'ec2:CopySnapshot', 'ec2:DescribeSnapshots'] as const;
export const IMAGE_ACTIONS = ['ec2:RunInstances', 'ec2:CopyImage', 'ec2:DescribeImages'] as const;
