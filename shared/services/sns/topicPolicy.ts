/** Policies of SNS topics. A topic that nobody gave one has the default of AWS, so there always is one. */
import { GetTopicAttributesCommand, ListTopicsCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { allPages, orFault, unless } from '../../targets/aws.ts';
import { documentTarget } from '../../targets/documentTarget.ts';

export const topicPolicy = documentTarget({
  kind: 'topic-policy',
  service: 'sns',
  noun: 'topic',
  async read(sns, { arn: TopicArn }) {
    const found = await unless(
      ['NotFoundException', 'NotFound'],
      sns.send(new GetTopicAttributesCommand({ TopicArn })),
    );
    return found && { document: found.Attributes?.['Policy'] };
  },
  async *list(sns) {
    const topics = allPages(async (NextToken) => {
      const page = await orFault(sns.send(new ListTopicsCommand({ NextToken })));
      return { items: page.Topics ?? [], next: page.NextToken };
    });
    for await (const { TopicArn: arn } of topics) if (arn !== undefined) yield arn;
  },
  put: {
    operation: 'SetTopicAttributes',
    send: (sns, { target: { arn: TopicArn }, document: AttributeValue }) =>
      sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue })),
  },
});
