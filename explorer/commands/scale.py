"""Replicas that answer the questions of front ends: `python -m explorer.scale --replicas 2`.

Ray Serve starts the replicas, sends each request to one of the less busy ones, and replaces one that ended. It needs
`pip install -r requirements-scale.txt`. Then `EXPLORER_MODELS=http://127.0.0.1:8000 python app.py` serves the page and
computes nothing, in as many processes as you start. The address of the replicas is for front ends alone: nobody checks
there who asks, nor how fast.
"""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

import ray
import typer
from ray import serve

from explorer.serving.places import Answer
from explorer.serving.replica import Replica
from explorer.tabs import interface

HOST, PORT = "127.0.0.1", 8000
ONGOING = 1_000  # requests of a replica; its desk bounds what waits
AIMED = 8  # ongoing requests of a replica beyond which another one is started
HEALTH_SECONDS = 5.0
STORE = 100_000_000  # bytes of Ray's object store, which holds nothing here


def deployment(
    replicas: int = 1,
    most: int | None = None,
    cpus: float = 1,
    gpus: float = 0,
    answers: Callable[[], Mapping[str, Answer]] = interface.server_functions,
) -> serve.Application:
    """Return the replicas as an application of Ray Serve.

    Arguments:
        replicas: Number of replicas, or the smallest number if there may be more.
        most: Largest number of replicas, as the load requires; always `replicas` unless given.
        cpus: Cores that each replica reserves; torch uses as many threads.
        gpus: Share of a GPU that each replica reserves, such as 0.25 for four replicas on one.
        answers: Returns the server functions of a replica by path.
    """
    by_load = {"min_replicas": replicas, "max_replicas": most or replicas, "target_ongoing_requests": AIMED}
    wanted = serve.deployment(
        Replica,
        name="explorer",
        max_ongoing_requests=ONGOING,
        autoscaling_config=by_load,
        ray_actor_options={"num_cpus": cpus, "num_gpus": gpus},
        health_check_period_s=HEALTH_SECONDS,
    )
    return wanted.bind(answers)


@contextlib.contextmanager
def running(
    application: serve.Application, host: str = HOST, port: int = PORT, join: str | None = None
) -> Iterator[None]:
    """Run replicas until the end of the block, in a Ray of their own on this machine unless a cluster is named."""
    alone = {} if join else {"object_store_memory": STORE, "include_dashboard": False}
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray tells its makers of its use unless it is told not to
    ray.init(address=join or "local", log_to_driver=False, **alone)
    try:
        serve.start(http_options={"host": host, "port": port})
        serve.run(application)
        yield
    finally:
        serve.shutdown()
        ray.shutdown()


def main(
    replicas: Annotated[int, typer.Option(help="Number of replicas.")] = 1,
    most: Annotated[int | None, typer.Option(help="As many as the load requires, up to this number.")] = None,
    cpus: Annotated[float, typer.Option(help="Cores of a replica.")] = 1,
    gpus: Annotated[float, typer.Option(help="Share of a GPU of a replica.")] = 0,
    host: Annotated[str, typer.Option(help="Address to listen on, for front ends alone.")] = HOST,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = PORT,
    join: Annotated[
        str | None, typer.Option(help="Address of a running Ray cluster; `auto` for this machine's.")
    ] = None,
) -> None:
    """Start replicas, and keep them until Ctrl-C."""
    with running(deployment(replicas, most, cpus, gpus), host, port, join), contextlib.suppress(KeyboardInterrupt):
        typer.echo(f"Replicas answer at http://{host}:{port}. Now: EXPLORER_MODELS=http://{host}:{port} python app.py")
        signal.pause()


if __name__ == "__main__":
    typer.run(main)
