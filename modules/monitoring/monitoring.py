"""What says that something is wrong: the alarms, the topic that they tell, and the dashboard."""

from collections.abc import Mapping
from dataclasses import dataclass

from constructs import Construct

from modules.account import Place
from modules.monitoring.alarm import Alarm
from modules.monitoring.alarm_topic import AlarmTopic, AlarmTopicConfig
from modules.monitoring.alarms import pipeline_alarms
from modules.monitoring.dashboard import Dashboard, DashboardConfig
from modules.monitoring.health import PipelineHealth, PipelineHealthConfig
from modules.naming import Names
from modules.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringConfig:
    """What the caller decides."""

    settings: Settings
    names: Names
    place: Place
    key_arn: str
    mapping_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringOutputs:
    """References to the topic, and the alarms' names by subject."""

    topic_arn: str
    alarm_names: Mapping[str, str]


class Monitoring(Construct):
    """Every alarm of the pipeline, one for them all, and all of them on one page."""

    def __init__(self, scope: Construct, id_: str, config: MonitoringConfig) -> None:
        super().__init__(scope, id_)
        names, place = config.names, config.place
        topic = AlarmTopic(
            self,
            "topic",
            AlarmTopicConfig(
                name=names.alarm_topic, key_arn=config.key_arn, place=place, alarm_name_pattern=names.alarm("*")
            ),
        ).outputs
        configs = pipeline_alarms(config.settings, names, mapping_id=config.mapping_id, topic_arn=topic.arn)
        alarms = {each.subject: Alarm(self, each.subject, each).outputs for each in configs}
        alarm_arns = tuple(alarm.arn for alarm in alarms.values())
        PipelineHealth(
            self,
            "pipeline-health",
            PipelineHealthConfig(
                subject="pipeline-health",
                name=names.alarm("pipeline-health"),
                alarm_arns=alarm_arns,
                topic_arn=topic.arn,
            ),
        )
        Dashboard(
            self,
            "dashboard",
            DashboardConfig(
                name=names.dashboard,
                region=place.region,
                function_name=names.function,
                alarms=configs,
                alarm_arns=alarm_arns,
            ),
        )
        self.outputs = MonitoringOutputs(
            topic_arn=topic.arn, alarm_names={subject: alarm.name for subject, alarm in alarms.items()}
        )
