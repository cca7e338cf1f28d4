# SPDX-License-Identifier: Apache-2.0
"""Where MLflow runs go: to a server, or into a folder that can be carried to one.

MLflow 3 refuses the old file store (mlruns/). The folder has what its server reads instead: a SQLite
database and the artifacts beside it. Locations of artifacts are relative (mlflow-artifacts:/), so that the
folder may be moved; `serve` is the command that shows it.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from ...errors import BenchFault, UsageError
from ..extras import needed

_SCHEME = "mlflow-artifacts:/"


class Place(Protocol):
    """Takes runs by `client`, and files into their artifacts."""

    client: Any
    where: str

    def create_experiment(self, name: str) -> str: ...

    def upload(self, run: Any, folder: Path, under: str) -> None:
        """Copies all that is in `folder` to `under` in the run's artifacts."""


class Server:
    """Behind a tracking URI."""

    def __init__(self, uri: str) -> None:
        """Connects to nothing yet."""
        self.client = needed("mlflow", "mlflow").MlflowClient(uri, registry_uri=uri)
        self.where = uri

    def create_experiment(self, name: str) -> str:
        return str(self.client.create_experiment(name))

    def upload(self, run: Any, folder: Path, under: str) -> None:
        self.client.log_artifacts(run.info.run_id, str(folder), under)


class Folder:
    """mlflow.db and artifacts/; made where they are missing."""

    def __init__(self, folder: Path) -> None:
        """Raises BenchFault when the folder cannot be made."""
        try:
            (folder / "artifacts").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BenchFault(
                f"the folder cannot be made: {error.strerror}", str(folder), "correct the path"
            ) from error
        uri = f"sqlite:///{folder.resolve() / 'mlflow.db'}"
        self.client = needed("mlflow", "mlflow").MlflowClient(uri, registry_uri=uri)
        self.folder, self.where = folder, str(folder)

    def create_experiment(self, name: str) -> str:
        return str(self.client.create_experiment(name, artifact_location=_SCHEME + uuid.uuid4().hex))

    def upload(self, run: Any, folder: Path, under: str) -> None:
        location = run.info.artifact_uri.removeprefix(_SCHEME)
        if location == run.info.artifact_uri:
            raise UsageError(
                f"the experiment keeps its artifacts at {location}", self.where, "choose another experiment"
            )
        shutil.copytree(folder, self.folder / "artifacts" / location / under, dirs_exist_ok=True)


def place_of(to: str | os.PathLike[str]) -> Place:
    """A server for a tracking URI, else a folder. Raises UsageError when mlflow is not installed."""
    needed("mlflow", "mlflow")
    return Server(to) if isinstance(to, str) and "://" in to else Folder(Path(to))


@contextmanager
def answering(where: str) -> Iterator[None]:
    """What MLflow or the disk cannot do is a BenchFault here; MLflow has one exception for everything."""
    refused = needed("mlflow.exceptions", "mlflow").MlflowException
    try:
        yield
    except OSError as error:
        raise BenchFault(
            f"a file cannot be copied: {error}", where, "look at that file and the disk"
        ) from error
    except refused as error:
        first = str(error).partition("\n")[0]
        raise BenchFault(
            f"MLflow: {first}", where, "look whether the server runs and its version fits; then try again"
        ) from error
