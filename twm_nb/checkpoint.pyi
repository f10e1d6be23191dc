# Made from checkpoint.py by scripts/make_stubs.py.
"""How a run survives: checkpoints that are whole or not there at all, frames that are appended, checksums, a lock, and signals that are heard."""
from typing import Any
from collections.abc import Callable
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
import numpy as np
from .config import ConfigError
__all__ = ['CheckpointError', 'StorageError', 'sync_folder', 'settle', 'Loaded', 'Checkpoints', 'remove_checkpoint', 'lock_run', 'check_lock', 'Stopped', 'StopSignals']

class CheckpointError(ConfigError):
    """No checkpoint of a run can be read. The message says why, and what to do."""

class StorageError(RuntimeError):
    """A file of a run could not be written. The message gives the reason of the operating system."""

class Damaged(Exception):
    """One checkpoint is not what its manifest says."""

def sha256(content):
    ...

def sync_folder(folder: Path) -> None:
    """Waits until the names in `folder` are on the disk, where a system can open folders."""
    ...

def settle(path: Path) -> None:
    """Waits until the file `path`, or all files and names in the folder `path`, are on the disk."""
    ...

class FrameFile:
    """Frames (64, 64) uint8 in a file that only grows; `count` are valid, and `hash` has seen these."""
    path: Any
    count: int
    hash: Any
    BYTES: Any

    def __init__(self, path):
        ...

    def append(self, frames):
        """Adds `frames` (n, 64, 64) and waits for the disk. If that fails, nothing has changed."""
        ...

    def first(self, count, digest):
        """The first `count` frames (count, 64, 64), read when looked at; later ones no longer count.
    Raises `Damaged` if they are not there, or their SHA-256 is not `digest`."""
        ...
PLAIN: tuple

def check_plain(x, where='the state'):
    """Raises `TypeError`, which says where, if `decode` would not read `x`: better now than later."""
    ...

def encode(state):
    """`state` as bytes. Raises `TypeError` for other than numbers, texts, bytes and tensors."""
    ...

def decode(content):
    """The state that `encode` was given, tensors on the CPU. Raises `Damaged` for executable things."""
    ...
OWN_FILES: tuple
FORMAT: int

def own_checksum(content):
    ...

def manifest(number, files, frames, facts):
    """JSON that names `files` {name: bytes}, `frames` (how many, SHA-256), `facts`; with a checksum."""
    ...

def read_manifest(folder):
    """The manifest of a checkpoint `folder`. Raises `Damaged`; `CheckpointError` for other formats."""
    ...

def read_listed(folder, files):
    """{name: bytes} of the `files` in a manifest. Raises `Damaged` if one is missing or has changed."""
    ...

@dataclass
class Loaded:
    """A checkpoint: named tensors, state, frames (n, 64, 64) uint8 read when looked at, facts."""
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
    good: list
    frames: FrameFile

    def __init__(self, folder: str | Path, keep: int=2, tell: Callable=lambda sentence: print(sentence, file=sys.stderr)):
        ...

    def numbers(self) -> list[int]:
        """The checkpoints that were finished, newest first; what is called alike is someone's copy."""
        ...

    def is_own(self, folder: Path) -> bool:
        """Was this folder written as the checkpoint of its name? A damaged one may have been."""
        ...

    def path(self, number: int) -> Path:
        ...

    def save(self, weights: dict, state: dict, frames: np.ndarray, facts: dict) -> Path:
        """Writes a checkpoint: named tensors, a state of numbers, texts, bytes and tensors, the new
    `frames` (n, 64, 64) uint8, and `facts`, JSON for readers. Returns its folder. Raises
    `StorageError`, with all earlier checkpoints as they were."""
        ...

    def read(self, number: int) -> Loaded:
        """The checkpoint `number`. Raises `Damaged`, or `CheckpointError` if it is of another format."""
        ...

    def load_newest(self) -> Loaded | None:
        """The newest whole checkpoint, from which saves go on; None if none was ever finished. Raises
    `CheckpointError`, and touches nothing, for damaged ones alone, or another format."""
        ...

def remove_checkpoint(folder):
    """Removes what a checkpoint consists of; a file of another name stays, and the folder with it."""
    ...

def lock_run(folder: str | Path, mode: str='a+') -> TextIO:
    """Holds a run's `folder` until what it returns is closed. Raises `ConfigError` if it is in use."""
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
    """While entered, SIGINT and SIGTERM are noted, and `check` raises `Stopped`; at once if
    `at_once`. A second one ends the process. Outside the main thread it does nothing."""
    asked: Any
    at_once: bool
    before: dict
    parent: Any

    def __init__(self):
        ...

    def __enter__(self):
        ...

    def __exit__(self, *error):
        ...

    def note(self, signum, frame):
        """The handler. The next signal of its kind ends the process."""
        ...

    def check(self) -> None:
        """Raises `Stopped` if a signal has come, or the process that started this one has gone."""
        ...
