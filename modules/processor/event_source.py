"""The mapping that hands the stream's records to the function, and what happens to those that fail."""

from collections.abc import Sequence
from dataclasses import dataclass

import cdktf
from cdktf_cdktf_provider_aws.lambda_event_source_mapping import (
    LambdaEventSourceMapping,
    LambdaEventSourceMappingDestinationConfig,
    LambdaEventSourceMappingDestinationConfigOnFailure,
    LambdaEventSourceMappingMetricsConfig,
)
from constructs import Construct


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSourceConfig:
    """What the caller decides."""

    stream_arn: str
    function_arn: str
    failed_records_bucket_arn: str
    batch_size: int
    batching_window_seconds: int
    parallelization_factor: int
    retry_attempts: int
    record_age_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSourceOutputs:
    """The mapping's id, which its metrics carry as a dimension."""

    uuid: str


class EventSource(Construct):
    """Reads from the oldest record on; what still fails after its retries is kept whole in the bucket."""

    def __init__(
        self, scope: Construct, id_: str, config: EventSourceConfig, *, after: Sequence[cdktf.ITerraformDependable]
    ) -> None:
        super().__init__(scope, id_)
        mapping = LambdaEventSourceMapping(
            self,
            "mapping",
            event_source_arn=config.stream_arn,
            function_name=config.function_arn,
            # LATEST may miss records while the mapping is created.
            starting_position="TRIM_HORIZON",
            batch_size=config.batch_size,
            maximum_batching_window_in_seconds=config.batching_window_seconds,
            parallelization_factor=config.parallelization_factor,
            function_response_types=["ReportBatchItemFailures"],
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=config.retry_attempts,
            maximum_record_age_in_seconds=config.record_age_seconds,
            # Of all destinations only S3 is given the records themselves, not just their sequence numbers.
            destination_config=LambdaEventSourceMappingDestinationConfig(
                on_failure=LambdaEventSourceMappingDestinationConfigOnFailure(
                    destination_arn=config.failed_records_bucket_arn
                )
            ),
            metrics_config=LambdaEventSourceMappingMetricsConfig(metrics=["EventCount"]),
            depends_on=list(after),
        )
        self.outputs = EventSourceOutputs(uuid=mapping.uuid)
