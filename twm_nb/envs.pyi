# Made from envs.py by scripts/make_stubs.py.
"""The Atari 100k protocol as Gymnasium wrappers, the game Catch, and the 26 games with their human and random scores."""
from typing import Any
from contextlib import contextmanager
import gymnasium as gym
import numpy as np
from .config import Config
__all__ = ['SCORES', 'RANDOM_SCORES', 'HUMAN_SCORES', 'GAMES', 'human_normalised', 'AgentReward', 'Catch', 'check_playable', 'NotRepeatable', 'GameError', 'make_env']
SCORES: dict
RANDOM_SCORES: dict
HUMAN_SCORES: dict
GAMES: tuple

def human_normalised(game: str, score: float | np.ndarray) -> float | np.ndarray:
    """`score` (a number or an array) of one of the 26 games on the scale where random play is 0 and
    a human 1. Raises `ConfigError`."""
    ...

class Layer(gym.Wrapper):
    """A wrapper that can be saved: `remembers` names the attributes that change while it plays."""
    remembers: tuple
    metadata: dict
    spec: Any

    def get_state(self) -> dict:
        """All that decides what comes next, in plain Python values."""
        ...

    def set_state(self, state: dict) -> None:
        """Goes on where `get_state` was called, here or in another environment made alike."""
        ...

    def within(self):
        ...

    def set_within(self, state):
        ...

def check_action(action, n):
    ...

class Emulator(Layer):
    """An Atari game: observation (1, 64, 64) uint8, raw rewards. `info`: `frames` and `lives` after
    the step, `life_lost` (a life was lost and at least one is left), `game_over`."""
    ale: Any
    actions: Any
    skip: Any
    size: Any
    sticky: Any
    pressed: int
    screens: Any
    observation_space: Any
    lives: int
    running: bool
    remembers: tuple

    def __init__(self, game: str, config: Config):
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple:
        """A new game. A seed is for the emulator and for the generator of the no-ops."""
        ...

    def step(self, action: int) -> tuple:
        ...

    def observation(self) -> np.ndarray:
        """The maximum over both screens, resized: (1, 64, 64) uint8."""
        ...

    def info(self, life_lost: bool) -> dict:
        ...

    def play(self, action: int, frames: int) -> tuple:
        """A step in which `action` is held for `frames` frames, or until the game ends."""
        ...

    def within(self):
        ...

    def set_within(self, state):
        ...

class Opening(Layer):
    """Plays `noops` ∈ 1..max_noops no-ops at a game's start (none if 0), and FIRE there and after
    each lost life, the one that leaves 0 included, in games whose action 1 is FIRE."""
    max_noops: int
    fire: bool

    def __init__(self, env: Emulator, max_noops: int):
        ...

    def opening(self) -> list:
        """The actions before the agent's first."""
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple:
        ...

    def step(self, action: int) -> tuple:
        ...

class LifeEpisodes(Layer):
    """Ends an episode when a life is lost; the reset that follows goes on in the same game."""
    resume: bool
    remembers: tuple

    def step(self, action: int) -> tuple:
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple:
        ...

class StackFrames(Layer):
    """Observations are the last `frames` frames, oldest first: (S, 64, 64) uint8.
    A reset fills the stack with copies of its frame."""
    stack: Any
    observation_space: Any

    def __init__(self, env: gym.Env, frames: int):
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple:
        ...

    def step(self, action: int) -> tuple:
        ...

    def within(self):
        ...

    def set_within(self, state):
        ...

class AgentReward(Layer):
    """The reward that the agent sees, tanh(r) or r itself; `info['raw_reward']` keeps r for scores."""
    transform: Any

    def __init__(self, env: gym.Env, transform: str):
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple:
        ...

    def step(self, action: int) -> tuple:
        ...

class Catch(gym.Env):
    """A ball falls through 6×6 cells onto a paddle. Observation (1, 64, 64) uint8: cells of 10
    pixels within a margin of 2, ball and paddle white. Actions: stay, left, right. An episode takes
    5 steps; the last has reward +1 (caught) or −1. `info`: `frames`, `game_over`."""
    render_mode: str | None
    observation_space: Any
    action_space: Any
    ball: int
    paddle: int
    row: Any
    frames: int
    CELLS: int
    CELL: int
    MARGIN: int
    metadata: dict

    def __init__(self, render_mode: str | None=None):
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple:
        ...

    def step(self, action: int) -> tuple:
        ...

    def observation(self) -> np.ndarray:
        """Ball and paddle as white squares: (1, 64, 64) uint8."""
        ...

    def render(self) -> np.ndarray | None:
        """The screen (64, 64, 3) uint8, where `render_mode='rgb_array'` was asked for."""
        ...

    def info(self) -> dict:
        ...

    def get_state(self) -> dict:
        ...

    def set_state(self, state: dict) -> None:
        ...

def one_line(error):
    """The first line of what an exception says, with its kind."""
    ...

def check_playable(game: str) -> None:
    """Raises `ConfigError`, with the nearest names, unless `game` is one of the 26, Catch, or the
    id of a Gymnasium environment; of `module:Name-v0` it imports the module."""
    ...

def channels(image: np.ndarray | gym.Space) -> str | None:
    """Where the channels of an image, or of a space of images, are: 'none', 'last' or 'first';
    None if it is no image of uint8."""
    ...

def check_spaces(game, env):
    """Raises `ConfigError` unless `env` has image observations and at least two numbered actions."""
    ...

class NotRepeatable(Exception):
    """An environment did not do the same after the same seed and actions."""

class GameError(RuntimeError):
    """An environment failed while it was played. The message names the game, and where it failed."""

@contextmanager
def blamed(game, what):
    """What is raised within becomes a `GameError` that names the `game`, and `what` it was doing."""
    ...

class Images(Layer):
    """Any environment with images and numbered actions: observation (1, 64, 64) uint8. Each episode
    has a seed of its own and is cut off after `limit` steps. `info`: `frames`, `game_over`."""
    game: str
    limit: int
    where: Any
    size: tuple
    observation_space: Any
    action_space: Any
    offset: Any
    seeds: Any
    seed: int
    actions: list
    frames: int
    image: Any
    remembers: tuple

    def __init__(self, game: str, size: int=64, limit: int=108000):
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple:
        """A new episode. A seed is for all that follow."""
        ...

    def begin(self) -> None:
        """Begins the episode whose seed is `self.seed`."""
        ...

    def step(self, action: int) -> tuple:
        ...

    def grey(self) -> np.ndarray:
        """The last image as a frame (1, 64, 64) uint8: area-resized, interpolated if it has to grow."""
        ...

    def within(self):
        ...

    def set_within(self, state):
        """Plays the episode again; raises `NotRepeatable` if it ends at another image."""
        ...

def make_env(game: str, config: Config | None=None, training: bool=True) -> gym.Env:
    """One of the 26 games, Catch, or a Gymnasium environment by its id, by the protocol of `config`
    (the paper's by default). Observations (S, 64, 64) uint8, oldest frame first; rewards as the
    agent sees them. `info`: `raw_reward`, `frames`, `game_over`, and for Atari `lives`,
    `life_lost`. In evaluation (`training=False`) episodes are whole games without no-ops. Has
    `get_state()` and `set_state(state)`. Raises `ConfigError` for a game that cannot be played."""
    ...
