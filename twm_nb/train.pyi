# Made from train.py by scripts/make_stubs.py.
"""What `twm_train` does: several games and seeds, one folder each; and a system of your own, trained by the same command."""
from typing import Any
from collections.abc import Iterable
from pathlib import Path
from .config import RunConfig
__all__ = ['check_environments', 'own_fields', 'configurations', 'exit_code', 'train_games']

def train_run(config, folder, overwrite):
    """One run, announced and reported on stdout."""
    ...

def what_next(folder):
    """What the same command does with a run that was stopped at once."""
    ...
ADVICE: dict

def explained(error, trainer):
    """A sentence about an error in the middle of a run: what, where, what is left, and what to do."""
    ...

def train_all(configs, folder, overwrite):
    """Makes the runs {(game, seed): RunConfig} one after the other, after a look at all folders;
    leaves finished ones alone, goes on with the others. Returns the exit code: 3 if the numbers
    of a run went wrong, or its game failed, which does not stop the others."""
    ...

def check_environments(configs: Iterable[RunConfig]) -> None:
    """Makes and closes each environment of Gymnasium in `configs`. `ConfigError` for an unfit one."""
    ...

def own_fields(overrides: dict) -> dict:
    """`overrides`. Raises `ConfigError` if one of them has an option of its own."""
    ...

def configurations(preset_name: str, games: list, seeds: list, overrides: dict, system: str='twm') -> dict:
    """{(game, seed): RunConfig} of a command line. Raises `ConfigError` before anything is started."""
    ...

def exit_code(error: Exception) -> int:
    """Prints a sentence about a machine without room; returns the exit code 1. Raises other errors."""
    ...

def train_games(game: str | None, preset_name: str | None, run: str | Path, seed: int, seeds: int, device: str, dtype: str | None, overrides: list, overwrite: bool, system: str='twm') -> None:
    """What `twm_train` does. Raises `ConfigError` for bad input, `KeyboardInterrupt` for a run that
    was stopped at once; else it ends the process with an exit code of the table below."""
    ...
