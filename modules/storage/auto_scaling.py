"""Auto scaling of a provisioned table and of its index."""

from cdktf_cdktf_provider_aws import appautoscaling_policy as scaling
from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
from constructs import Construct

from modules.storage.capacity import ScalingLimits

_Tracking = scaling.AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration
_Metric = scaling.AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification

# Used units in percent of the provisioned ones. DynamoDB allows 20 to 90.
# docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
_TARGET_UTILIZATION = 70


class AutoScaling(Construct):
    """Target tracking of the writes and reads of a table and of its index.

    The role for it is AWS's own. AWS creates it with the first target of an account, if the deployer may create a
    service-linked role: docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-dynamodb.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        table_name: str,
        index_name: str | None,
        limits: ScalingLimits,
        policy_name: str,
    ) -> None:
        super().__init__(scope, id_)
        resources = {"table": f"table/{table_name}"}
        if index_name is not None:
            resources["index"] = f"table/{table_name}/index/{index_name}"
        for kind, resource_id in resources.items():
            for operation, minimum in (("Write", limits.min_write_units), ("Read", limits.min_read_units)):
                target = AppautoscalingTarget(
                    self,
                    f"{kind}-{operation.lower()}-target",
                    service_namespace="dynamodb",
                    resource_id=resource_id,
                    scalable_dimension=f"dynamodb:{kind}:{operation}CapacityUnits",
                    min_capacity=minimum,
                    max_capacity=limits.max_units,
                )
                scaling.AppautoscalingPolicy(
                    self,
                    f"{kind}-{operation.lower()}-policy",
                    name=policy_name,
                    policy_type="TargetTrackingScaling",
                    service_namespace=target.service_namespace,
                    resource_id=target.resource_id,
                    scalable_dimension=target.scalable_dimension,
                    target_tracking_scaling_policy_configuration=_Tracking(
                        target_value=_TARGET_UTILIZATION,
                        predefined_metric_specification=_Metric(
                            predefined_metric_type=f"DynamoDB{operation}CapacityUtilization"
                        ),
                    ),
                )
