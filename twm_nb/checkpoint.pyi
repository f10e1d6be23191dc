# Made from checkpoint.py by scripts/make_stubs.py.
"""How a run survives: checkpoints that are whole or not there at all, frames that are appended, checksums, a lock, and signals that are heard."""
from typing import Any
from collections.abc import Callable
import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
import numpy as np
from .config import ConfigError
__all__ = ['PLAIN', 'FORMAT', 'CheckpointError', 'StorageError', 'Damaged', 'sync_folder', 'settle', 'sha256', 'FrameFile', 'check_plain', 'encode', 'decode', 'decode_weights', 'manifest', 'own_checksum', 'read_manifest', 'read_listed', 'Loaded', 'Checkpoints', 'RunLock', 'check_lock', 'Stopped', 'StopSignals']

class CheckpointError(ConfigError):
    """No checkpoint of a run can be read. The message says why, and what to do."""

class StorageError(RuntimeError):
    """A file of a run could not be written. The message gives the reason of the operating system."""

class Damaged(Exception):
    """One checkpoint is not what its manifest says."""

def sync_folder(folder: Path) -> None:
    """Waits until the names in `folder` are on the disk (systems that cannot open a folder do
    without)."""
    ...

def settle(path: Path) -> None:
    """Waits until the file `path`, or all files and names in the folder `path`, are on the disk."""
    ...

def sha256(content: bytes) -> str:
    ...

class FrameFile:
    """Frames (64, 64) uint8 in a file that is appended to; `count` of them are valid, and `hash`
    has seen these."""
    path: Path
    count: int
    hash: Any
    BYTES: Any

    def __init__(self, path: str | Path):
        ...

    def append(self, frames: np.ndarray) -> None:
        """Adds `frames` (n, 64, 64) uint8 and waits until they are on the disk. If that fails,
        nothing has changed."""
        ...

    def first(self, count: int, digest: str) -> np.ndarray:
        """The first `count` frames (count, 64, 64) uint8, read when looked at; later ones no longer
    count. Raises `Damaged` if they are not there, or their SHA-256 is not `digest`."""
        ...
PLAIN: tuple

def check_plain(x: object, where: str='the state') -> None:
    """Raises `TypeError`, which says where, if `decode` would not read `x`: better now than when it
    is needed."""
    ...

def encode(state: object) -> bytes:
    """`state` as bytes for `decode`. Raises `TypeError` if it holds other things than numbers,
    texts, bytes and tensors."""
    ...

def decode(content: bytes) -> Any:
    """The state that `encode` was given, with tensors on the CPU. Raises `Damaged` if it holds
    anything that could be executed."""
    ...

def decode_weights(content: bytes) -> dict:
    """The named tensors of a safetensors file. Raises `Damaged`."""
    ...
FORMAT: int

def manifest(files: dict, frames: tuple, facts: dict) -> bytes:
    """JSON that names `files` {name: bytes}, `frames` (how many, SHA-256) and `facts`, with a
    checksum of itself."""
    ...

def own_checksum(content: dict) -> str:
    ...

def read_manifest(folder: Path) -> dict:
    """The manifest of the checkpoint `folder`. Raises `Damaged` unless it is whole,
    `CheckpointError` if it is of another format."""
    ...

def read_listed(folder: Path, files: dict) -> dict:
    """{name: bytes} of the `files` that a manifest lists. Raises `Damaged` for one that is missing
    or has changed."""
    ...

@dataclass
class Loaded:
    """A checkpoint as it was read: named tensors, the state, the frames (n, 64, 64) uint8 (read
    when looked at), and facts."""
    number: int
    weights: dict
    state: dict
    frames: np.ndarray
    facts: dict

class Checkpoints:
    """The checkpoints in `folder`, of which the last `keep` stay. `tell` is called with a sentence
    for each that turns out to be damaged."""
    folder: Path
    keep: int
    tell: Callable
    frames: FrameFile
    good: list

    def __init__(self, folder: str | Path, keep: int=2, tell: Callable=lambda sentence: print(sentence, file=sys.stderr)):
        ...

    def numbers(self) -> list[int]:
        """The checkpoints that were finished, newest first."""
        ...

    def path(self, number: int) -> Path:
        ...

    def save(self, weights: dict, state: dict, frames: np.ndarray, facts: dict) -> Path:
        """Writes a checkpoint: named tensors, a state as `encode` takes it, those `frames` (n, 64, 64)
    uint8 that are new since the last one, and `facts`, JSON for readers. Returns its folder. Raises
    `StorageError`, with all earlier checkpoints as they were."""
        ...

    def remove_others(self) -> None:
        """Removes all but the good ones, and what died in the making; a folder of another name is
    someone's copy."""
        ...

    def read(self, number: int) -> Loaded:
        """The checkpoint `number`. Raises `Damaged`, or `CheckpointError` if it is of another format."""
        ...

    def load_newest(self) -> Loaded | None:
        """The newest checkpoint that is whole, from which later saves go on; None if none was ever
    finished. Raises `CheckpointError` if there are some and all are damaged, or of another format;
    then nothing has been touched."""
        ...

class RunLock:
    """Holds the folder of a run for this process. Raises `ConfigError` if another one does;
    `release` gives it back."""
    file: Any

    def __init__(self, folder: str | Path):
        ...

    def release(self) -> None:
        ...

def check_lock(folder: str | Path) -> None:
    """Raises `ConfigError` if a process holds the run `folder`; changes nothing."""
    ...

class Stopped(BaseException):
    """A run was asked to stop; `signum` says by which signal."""
    signum: int

    def __init__(self, signum: int):
        ...

class StopSignals:
    """While entered, SIGINT and SIGTERM are noted, and `check` raises `Stopped`; at once where
    `at_once` is set. A second one ends the process as it ordinarily would. In other threads than
    the main one it does nothing."""
    asked: Any
    at_once: bool
    before: dict

    def __init__(self):
        ...

    def __enter__(self):
        ...

    def __exit__(self, *error):
        ...

    def note(self, signum: int, frame: FrameType | None) -> None:
        """The handler."""
        ...

    def check(self) -> None:
        """Raises `Stopped` if a signal has come."""
        ...
