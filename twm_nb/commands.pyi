# Made from commands.py by scripts/make_stubs.py.
"""Between the shell and the work: five functions whose parameters are the options, and which import their notebook only when it has something to do."""
from typing import Any
from fastcore.script import Param
__all__ = ['command', 'twm_train', 'twm_eval', 'twm_play', 'twm_atari', 'twm_bench', 'main']

def read_options(function, words):
    """The arguments of `function`, read from the `words` of a command line. Raises `ConfigError`."""
    ...

def command(stopped: str):
    """A decorator: called without arguments, the function takes those of the command line. A
    `ConfigError` and Ctrl-C end the process with a sentence, the error's or `stopped`, and exit
    code 2 or 130."""
    ...
START: str
SET: Param

def twm_train(game: str=None, preset: str=None, run: str='runs/run', seed: int=0, seeds: int=1, device: str='auto', dtype: str=None, set: SET=None, overwrite: bool=False, system: str='twm'):
    """Train world model and policy. An interrupted run goes on by the same command."""
    ...

def twm_eval(run: str, episodes: int=100, seed: int=0, random: bool=False, device: str='auto', dtype: str=None, workers: int=1, out: str=None, system: str=None, game: str=None):
    """Play whole games with the trained agent of a run and print its raw scores."""
    ...

def twm_play(run: str, what: str='both', out: str='play.gif', steps: int=200, seed: int=0, fps: float=10.0, scale: int=4, temperature: float=1.0, threads: int=1, system: str=None, game: str=None):
    """Film the agent of a run in the real game, in its dream, or both."""
    ...

def twm_atari(games: str='Pong,Boxing,Breakout,Freeway,KungFuMaster', preset: str='paper', run: str='runs/atari', seed: int=0, seeds: int=1, parallel: int=2, minutes: float=None, device: str='auto', dtype: str=None, keep: str=None, set: SET=None):
    """Train several games and seeds side by side; exit code 4: the same command goes on."""
    ...

def twm_bench(preset: str='paper', components: str=None, threads: int=1, device: str='auto', dtype: str='auto', repeats: int=3, json: str=None, memory: bool=False, compiled: bool=False, growth: bool=False, profile: bool=False):
    """Measure the speed of each part of training beside a plain version of it."""
    ...
COMMANDS: dict

def main() -> None:
    """Runs the command that the first word of the command line names."""
    ...
