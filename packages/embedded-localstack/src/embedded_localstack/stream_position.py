"""Makes a changed event source mapping continue where it stopped.

On AWS, an update changes a mapping without losing its position in the stream, and a mapping that is enabled again
resumes where it stopped: https://docs.aws.amazon.com/lambda/latest/dg/API_UpdateEventSourceMapping.html
LocalStack replaces the poller of the mapping, and the new one starts at the starting position of the mapping.
"""
# ruff: noqa: SLF001  (LocalStack has no public state of a poller)

from localstack.services.lambda_.event_source_mapping.esm_worker import EsmWorker
from localstack.services.lambda_.event_source_mapping.esm_worker_factory import EsmWorkerFactory
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import StreamPoller

type Iterators = dict[str, str]


def keep_positions() -> None:
    """Replace the methods of LocalStack that create a worker and poll a shard."""
    create, poll = EsmWorkerFactory.get_esm_worker, StreamPoller.poll_events_from_shard
    workers: dict[str, EsmWorker] = {}

    def create_worker(factory: EsmWorkerFactory) -> EsmWorker:
        worker = create(factory)
        replaced = workers.get(worker.uuid)
        workers[worker.uuid] = worker
        if isinstance(worker.poller, StreamPoller):
            worker.poller.unfinished = {}
            if replaced is not None:
                _continue_from(replaced, worker.poller)
        return worker

    def poll_shard(poller: StreamPoller, shard: str, iterator: str) -> None:
        # The batcher may hold the records of earlier polls, so the first iterator is the right one.
        poller.unfinished.setdefault(shard, iterator)
        poll(poller, shard, iterator)
        if not poller._is_shutdown.is_set() and not poller.shard_batcher[shard].get_current_size():
            del poller.unfinished[shard]

    EsmWorkerFactory.get_esm_worker = create_worker
    StreamPoller.poll_events_from_shard = poll_shard


def _continue_from(replaced: EsmWorker, poller: StreamPoller) -> None:
    """Make the first poll of a poller start where a replaced worker stopped."""
    start = poller.initialize_shards

    def resume() -> Iterators:
        poller.initialize_shards = start
        if replaced._poller_thread is None:  # it was created disabled, and has never polled
            iterators: Iterators = replaced.poller.initialize_shards()
            return iterators
        # This ends the retries of the current batch. The new worker processes the whole batch again.
        replaced.poller.close()
        replaced._poller_thread.join()
        return {**replaced.poller.shards, **replaced.poller.unfinished} or start()

    poller.initialize_shards = resume
