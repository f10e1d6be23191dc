# Made from train.py by scripts/make_stubs.py.
"""What `twm_train` does: several games and seeds, one folder each; and a system of your own, trained by the same command."""
from typing import Any
from collections.abc import Iterable
from pathlib import Path
from .config import RunConfig
from .trainer import Trainer
__all__ = ['train_run', 'what_next', 'explained', 'train_all', 'check_environments', 'own_fields', 'configurations', 'exit_code', 'train_games']

def train_run(config: RunConfig, folder: Path, overwrite: bool) -> None:
    """One run, announced and reported on stdout."""
    ...

def what_next(folder: Path) -> str:
    """What the same command does with a run that was stopped at once."""
    ...

def explained(error: Exception, trainer: Trainer) -> str:
    """A sentence about an error in the middle of a run: what, where, what is left, and what to do."""
    ...

def train_all(configs: dict, folder: str | Path, overwrite: bool) -> int:
    """The runs {(game, seed): RunConfig} one after the other; those that are finished are left
    alone, unfinished ones go on. All folders are looked at before the first run begins. A run whose
    numbers go wrong, or whose game fails, does not stop the others. Returns the exit code."""
    ...

def check_environments(configs: Iterable[RunConfig]) -> None:
    """Makes and closes each environment of Gymnasium that `configs` name. Raises `ConfigError` for
    one that is unfit."""
    ...

def own_fields(overrides: dict) -> dict:
    """`overrides`, if none of them has an option of its own. Raises `ConfigError` else, so that
    nothing is dropped silently."""
    ...

def configurations(preset_name: str, games: list, seeds: list, overrides: dict, system: str='twm') -> dict:
    """{(game, seed): RunConfig} for the command line's values. Raises `ConfigError` before anything
    is started."""
    ...

def exit_code(error: Exception) -> int:
    """Prints one sentence about a machine without room and returns the exit code 1. Raises any
    other error."""
    ...

def train_games(game: str | None, preset_name: str | None, run: str | Path, seed: int, seeds: int, device: str, dtype: str | None, overrides: list, overwrite: bool, system: str='twm') -> None:
    """What `twm_train` does. Raises `ConfigError` for bad input, `KeyboardInterrupt` where a run is
    stopped at once; what else ends the runs early ends the process, with an exit code of the table
    below."""
    ...
