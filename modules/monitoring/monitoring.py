"""The monitoring of the pipeline: every construct of this folder, wired."""

from constructs import Construct

from modules.account import Account
from modules.arns import Arns
from modules.monitoring.alarm import Alarm
from modules.monitoring.alarms import ALARMS
from modules.monitoring.dashboard import Dashboard
from modules.monitoring.health import PipelineHealth
from modules.monitoring.subscription import Subscription, construct_id
from modules.monitoring.topic import AlarmTopic
from modules.naming import Names
from modules.settings import Settings
from modules.storage.ledger import CUSTOMER_INDEX


class Monitoring(Construct):
    """The alarms, the topic that they notify with its subscriptions, and the dashboard."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        names: Names,
        arns: Arns,
        account: Account,
        key_arn: str,
        mapping_uuid: str,
    ) -> None:
        super().__init__(scope, id_)
        topic = AlarmTopic(
            self, "topic", name=names.alarm_topic, key_arn=key_arn, account_id=account.id, alarms_arn=arns.alarms
        )
        for subscriber in settings.alarm_subscribers:
            Subscription(
                self,
                construct_id(subscriber),
                subscriber=subscriber,
                topic_arn=topic.arn,
                topic_name=names.alarm_topic,
            )
        dimensions = {
            "EventSourceMappingUUID": mapping_uuid,
            "FunctionName": names.function,
            "GlobalSecondaryIndexName": CUSTOMER_INDEX,
            "QueueName": names.dead_letter_queue,
            "RuleName": names.quarantine_rule,
            "StreamName": names.stream,
            "TableName": names.ledger,
        }
        self.alarms = {
            subject: Alarm(
                self,
                subject,
                row=row,
                name=names.alarm(subject),
                dimensions=dimensions,
                period_seconds=settings.alarm_period_seconds,
                record_age_seconds=settings.record_age_seconds,
                topic_arn=topic.arn,
            )
            for subject, row in ALARMS.items()
            if settings.customer_index or "GlobalSecondaryIndexName" not in row.metric.dimensions
        }
        PipelineHealth(
            self, "pipeline-health", name=names.health_alarm, alarms=self.alarms.values(), topic_arn=topic.arn
        )
        Dashboard(
            self,
            "dashboard",
            name=names.dashboard,
            region=account.region,
            function_name=names.function,
            alarms=self.alarms.values(),
        )
        self.topic_arn = topic.arn
