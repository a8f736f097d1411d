"""Dask's client, as far as the coordinator needs it; Dask's exceptions become a ClusterError."""

import contextlib
import importlib.util
import logging
import warnings
from asyncio import CancelledError
from collections.abc import Callable, Iterable, Mapping
from queue import SimpleQueue
from typing import Any, Final

from grader.core.errors import ClusterError, UsageError, describe_cause, describe_missing_extra
from grader.grading.cluster.address import Scheduler

SCHEDULER_TIMEOUT_S: Final = 10.0
"""Seconds until a scheduler must answer, and a result be fetched."""
ALLOWED_DESERIALIZERS: Final = ("dask", "msgpack", "error")
"""Accepted serializations of results: plain bytes. Pickles are not accepted."""

ArrivalQueue = SimpleQueue[tuple[str, bytes | None]]


class Connection:
    """A client of one scheduler. Raises ClusterError if it can't be reached, UsageError if Dask isn't installed."""

    def __init__(self, scheduler: Scheduler, patience: float = SCHEDULER_TIMEOUT_S) -> None:
        self._address = scheduler.address
        require_dask()
        from distributed import Client

        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # failures are reported here, once
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about versions of libraries that no task uses
            try:
                self._client = Client(
                    scheduler.address,
                    timeout=patience,
                    security=_build_security(scheduler),
                    set_as_default=False,
                    deserializers=ALLOWED_DESERIALIZERS,
                )
            except (OSError, ValueError, TimeoutError) as error:
                raise ClusterError(
                    f"no scheduler answers at {scheduler.address} ({_get_root_cause(error)}): "
                    "start one with `dask scheduler`"
                ) from error

    def workers(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the scheduler's information about its workers, by address. Raises ClusterError if it is gone."""
        info: Any = None
        with contextlib.suppress(OSError, TimeoutError):
            info = self._client.scheduler_info(n_workers=-1) if self._client.status == "running" else None
        if info is None or self._client.status != "running":
            raise ClusterError(
                f"the connection to the scheduler at {self._address} is lost: start it and its workers again, "
                "then run the command again; finished gradings are kept"
            )
        return dict(info["workers"])

    def submit(self, key: str, worker: str, function: Callable[..., object], *arguments: object) -> Any:
        """Make one particular worker call a function; return Dask's future."""
        return self._client.submit(
            function, *arguments, key=key, workers=[worker], allow_other_workers=False, pure=False
        )

    def fetch(self, future: Any, arrivals: ArrivalQueue) -> None:
        """Put a future's key and result into the queue of arrivals; None if the result isn't bytes."""
        data = None
        with contextlib.suppress(Exception, CancelledError):
            if future.status == "finished":
                data = future.result(timeout=SCHEDULER_TIMEOUT_S)
        arrivals.put((future.key, data if isinstance(data, bytes) else None))

    def close(self, futures: Iterable[Any] = ()) -> None:
        """Release the futures and the scheduler."""
        with contextlib.suppress(Exception):
            self._client.cancel(list(futures), force=True)
        with contextlib.suppress(Exception):
            self._client.close(timeout=SCHEDULER_TIMEOUT_S)


def require_dask() -> None:
    """Raise UsageError if Dask isn't installed."""
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(describe_missing_extra("--scheduler", "Dask", "cluster"))


def _build_security(scheduler: Scheduler) -> Any:
    from distributed.security import Security

    files = scheduler.certificates
    if files is None:
        return None
    return Security(
        require_encryption=True,
        tls_ca_file=str(files.authority),
        tls_client_cert=str(files.certificate),
        tls_client_key=str(files.key or files.certificate),
    )


def _get_root_cause(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return describe_cause(error)
