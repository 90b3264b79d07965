"""The event source mapping, which passes the stream's records to the function."""

from collections.abc import Sequence

import cdktf
from cdktf_cdktf_provider_aws import lambda_event_source_mapping as mapping
from constructs import Construct


class EventSource(Construct):
    """A mapping that reads from the oldest record and writes records that exhaust their retries to the bucket."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stream_arn: str,
        function_arn: str,
        failed_records_bucket_arn: str,
        batch_size: int,
        batching_window_seconds: int,
        parallelization_factor: int,
        retry_attempts: int,
        record_age_seconds: int,
        depends_on: Sequence[cdktf.ITerraformDependable],
    ) -> None:
        super().__init__(scope, id_)
        # S3 is the only destination that receives whole records. The others receive their sequence numbers.
        on_failure = mapping.LambdaEventSourceMappingDestinationConfigOnFailure(
            destination_arn=failed_records_bucket_arn
        )
        self.uuid = mapping.LambdaEventSourceMapping(
            self,
            "mapping",
            event_source_arn=stream_arn,
            function_name=function_arn,
            # LATEST may miss records while Lambda creates the mapping.
            starting_position="TRIM_HORIZON",
            batch_size=batch_size,
            maximum_batching_window_in_seconds=batching_window_seconds,
            parallelization_factor=parallelization_factor,
            function_response_types=["ReportBatchItemFailures"],
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=retry_attempts,
            maximum_record_age_in_seconds=record_age_seconds,
            destination_config=mapping.LambdaEventSourceMappingDestinationConfig(on_failure=on_failure),
            metrics_config=mapping.LambdaEventSourceMappingMetricsConfig(metrics=["EventCount"]),
            depends_on=list(depends_on),
        ).uuid
