from embedded_localstack.runtimes import platform_logs


def test_report_of_a_cold_start_has_an_init_duration() -> None:
    line = platform_logs.report("id-1", milliseconds=12.345, memory_size=128, peak_memory=45, init_milliseconds=101.5)

    assert line == (
        "REPORT RequestId: id-1\tDuration: 12.35 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB"
        "\tMax Memory Used: 45 MB\tInit Duration: 101.50 ms\n"
    )


def test_report_of_a_timeout_has_a_status() -> None:
    line = platform_logs.report(
        "id-1", milliseconds=3000.0, memory_size=128, peak_memory=200, init_milliseconds=None, status="Status: timeout"
    )

    assert line == (
        "REPORT RequestId: id-1\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB"
        "\tMax Memory Used: 128 MB\tStatus: timeout\n"
    )
