# Made from dream.py by scripts/make_stubs.py.
"""The world model as a game: a Gymnasium environment that any agent can be trained in, a player for the notebook, and what `twm_play` does."""
from typing import Any
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
import anywidget
import gymnasium as gym
import ipywidgets as widgets
import numpy as np
import torch
from gymnasium.vector import VectorEnv
from numpy.typing import ArrayLike
from .system import System
__all__ = ['DreamGame', 'DreamEnv', 'DreamVectorEnv', 'Player', 'View', 'play', 'film', 'film_run']

def start_pool(system, pool):
    """The windows that dreams may begin with, each of a context step and an observation."""
    ...

class DreamGame:
    """Dreams side by side with starts, ends and rewards. `models`: a `System`, or what
    `load_system` opens. `pool`: a number of real steps that the stored agent plays, a
    `ReplayDataset`, or first observations (P, S, 64, 64) uint8. Raises `ConfigError`."""
    system: Any
    pool: Any
    horizon: int
    temperature: float
    ending: str
    sample_rewards: bool
    discount: Any
    generator: Any
    over: Any
    dreams: list
    observation: Any
    steps: Any

    def __init__(self, models: System | str | Path='Catch', pool: Any=200, horizon: int=200, temperature: float=1.0, ending: str='draw', sample_rewards: bool=False):
        ...

    def choose(self, n: int) -> Any:
        """Starts of `n` dreams at windows of the pool."""
        ...

    def begin(self, n: int) -> Any:
        """`n` dreams side by side that begin somewhere in the pool."""
        ...

    def ends(self, g: torch.Tensor) -> torch.Tensor:
        """Where episodes end at predicted discounts `g` (B,), (B,) bool."""
        ...

    def advance(self, a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """A step of all dreams under actions `a` (n,); those that are `over` begin anew instead.
    Returns rewards and discounts (n,)."""
        ...

    def checked(self, a: np.ndarray) -> torch.Tensor:
        """Actions (n,) as a tensor. Raises `ValueError`, or `ResetNeeded` where no dream was begun."""
        ...

    def frames(self) -> np.ndarray:
        """What the dreams look like now: stacks (n, S, 64, 64) uint8."""
        ...

    def reset(self, n: int, seed: int | None=None) -> np.ndarray:
        """Begins `n` dreams. Returns their observations (n, S, 64, 64) uint8."""
        ...

    def render(self, mode: str | None) -> tuple | None:
        """The newest frames (64, 64, 3) uint8, where the `mode` of rendering is 'rgb_array'."""
        ...

    def step(self, a: ArrayLike) -> tuple:
        """Actions (n,) → observations, rewards, terminated, truncated, predicted discounts. Where the
    step before was the last of an episode, a new one begins and the action is ignored: reward 0,
    not ended. Raises `ValueError` for actions that there are not."""
        ...

def dream_seed(env, seed):
    """A seed for the dreams of `env`, in its first reset and where `seed` is given; else None."""
    ...

def spaces(game):
    """The spaces of one dream: observations (S, 64, 64) uint8, and actions."""
    ...

class DreamEnv(gym.Env):
    """A world model as an environment: observations (S, 64, 64) uint8, decoded from latent states;
    `info['discount']` is the predicted one. Arguments as in `DreamGame`."""
    game: DreamGame
    render_mode: str | None
    observation_space: Any
    action_space: Any
    metadata: dict

    def __init__(self, models: System | str | Path='Catch', render_mode: str | None=None, **options: Any):
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple:
        ...

    def step(self, action: int) -> tuple[np.ndarray, float, bool, bool, dict]:
        ...

    def render(self) -> np.ndarray | None:
        ...

class DreamVectorEnv(VectorEnv):
    """`num_envs` dreams in one batch; episodes begin again in the step after their end."""
    game: DreamGame
    render_mode: str | None
    num_envs: int
    single_observation_space: Any
    observation_space: Any
    single_action_space: Any
    action_space: Any
    metadata: Any

    def __init__(self, num_envs: int=1, models: System | str | Path='Catch', render_mode: str | None=None, **options: Any):
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple:
        ...

    def info(self, g: np.ndarray) -> dict:
        """Gymnasium's way of saying that each of the environments has a discount."""
        ...

    def step(self, actions: ArrayLike) -> tuple:
        ...

    def render(self) -> tuple | None:
        ...
KEYS: list

def name_action(keys):
    """What the emulator calls the action of `keys` held together: space is FIRE, opposite arrows
    cancel each other."""
    ...

class Player:
    """A dream to play; arguments as in `DreamGame`. `human` says who acts: `action` is the human's
    next action, if there is one, else the one `held`. `moments` are all steps, dicts of a, r, g and
    `last` (of its episode); `returns` are those of the episodes that have ended."""
    game: DreamGame
    system: Any
    names: Any
    idle: Any
    held: Any
    human: bool
    running: bool
    moments: list
    returns: list
    dream: Any
    count: int
    total: float
    over: bool
    forced: set
    action: Any

    def __init__(self, models: System | str | Path='Catch', seed: int=0, **options: Any):
        ...

    def restart(self) -> None:
        """Begins at a real observation, chosen at random."""
        ...

    def choose(self) -> int:
        """The action of the present step: the human's, or one drawn from the policy."""
        ...

    def step(self) -> None:
        """One step, or after an end a new beginning."""
        ...

    def tally(self) -> str:
        """The episodes that have ended, in words."""
        ...

    def act(self, action: int) -> None:
        """The human's action; while the player stands still it is taken at once."""
        ...

    def meant(self, keys: Collection[str]) -> int | None:
        """The action of all `keys` together, or of the newest, the last; None where there is none."""
        ...

    def press(self, *keys: str) -> bool:
        """The `keys` that are held, the last just pressed, take over from the policy and set the next
    action. Returns whether they mean anything in this game."""
        ...

    def release(self, *keys: str) -> None:
        """A key was let go; `keys` are still held."""
        ...

    def warm(self, temperature: float) -> None:
        """Sets the temperature of this dream and the next ones."""
        ...

    def frame_image(self) -> np.ndarray:
        """The newest frame of the dream, 384 pixels wide; darker once the episode is over."""
        ...

    def latent_image(self) -> np.ndarray:
        """The code: variables in rows, categories in columns; about as tall as a frame."""
        ...

    def trace_image(self, width: int=384, height: int=136, steps: int=96) -> np.ndarray:
        """Rewards and discounts of the last `steps` steps."""
        ...

    def attention_image(self, width: int=384, height: int=72, most: int=72) -> np.ndarray:
        """A bar for each token, `most` at most: how much of it is in the output of the newest step."""
        ...

    def force(self, variable: int, category: int) -> None:
        """Sets a variable of the present latent state to a category."""
        ...

    def images(self) -> dict:
        """{name: picture}: what there is to see of this dream."""
        ...

def rgb(colour):
    ...

def png(image):
    ...

def enlarged(frame, size):
    ...

def write(image, text, x, y, colour='#505050'):
    """Small `text` in an `image`, begun at `x`, its middle at `y`."""
    ...

class Picture(anywidget.AnyWidget):
    """PNG bytes as an image that sends keys and clicks; `wanted` are the keys that it takes."""
    png: Any
    name: Any
    wanted: Any
CROSS: dict

class Joystick:
    """Buttons that call `act(name)` with one of `names`: `buttons` by name and a switch `fire`;
    `box` is the whole."""
    names: Any
    act: Any
    buttons: dict
    fire: Any
    box: Any

    def __init__(self, names, act):
        ...

    def actions(self, symbol):
        """Those of a direction that there are, without and with fire."""
        ...

    def button(self, text, names, width):
        """A button for the first of `names`, or while the switch is on the last; hidden without any."""
        ...
TEMPERATURE: str

def explain_keys(names):
    """Which keys do what in a game with these actions, as HTML."""
    ...

class View:
    """Widgets for a `Player`: `view.box` is what a notebook displays."""
    player: Player
    task: Any
    pictures: dict
    run: Any
    next: Any
    again: Any
    who: Any
    speed: Any
    warmth: Any
    status: Any
    box: Any
    stick: Joystick

    def __init__(self, player: Player, fps: float=6.0):
        ...

    def arrange(self) -> None:
        """Two columns, one below the other where there is little room."""
        ...

    def redraw(self) -> None:
        """New pictures and two new lines of text."""
        ...

    def connect(self) -> None:
        """Ties the controls to the player."""
        ...

    def pressed(self, message: dict) -> None:
        """Keys act; one that repeats itself only while the player stands still: else it is held anyway."""
        ...

    def clicked(self, message: dict) -> None:
        """A click into the latent state forces a category."""
        ...

    def toggle(self) -> None:
        """Starts or stops running by itself."""
        ...

    async def keep_stepping(self) -> None:
        """A step, a look, a wait, until stopped."""
        ...

def play(models: System | str | Path='Catch', fps: float=6.0, threads: int=1, **options: Any) -> widgets.Box:
    """A player as a widget, to be displayed in JupyterLab. `models` as in `DreamGame`; `options` go
    to `Player`. From then on torch computes on so many CPU `threads` in this process; models so
    small are quickest on one."""
    ...

def dreamed(system, seed, temperature):
    """The policy's dream: of each step a frame (64, 64) uint8 and the predicted reward."""
    ...

def shadowed(system, data, seed, temperature):
    """The same of a dream under the actions of real `data`, begun with each of its episodes."""
    ...

def labelled(frame, text, scale):
    """A frame (64, 64) enlarged, with a border and a line of text above it: (h, w, 3) uint8."""
    ...

def captioned(name, moments, scale, on_step=lambda: None):
    """RGB images of `moments`, pairs of frame and reward, with the sum of rewards before each."""
    ...

def film(system: System, what: str='both', steps: int=200, seed: int=0, scale: int=4, temperature: float=1.0, on_step: Callable=lambda: None) -> list:
    """RGB images of `steps` steps of 'agent', 'dream' or 'both'; a frame is 64·`scale` wide, with a
    line of text above it. `on_step` is called after each step, with 'both' of each of the two."""
    ...

def write_gif(images, file, fps):
    """Writes RGB images to a .gif file, 32 grey values each."""
    ...

def write_mp4(images, file, fps):
    """Writes RGB images to an .mp4 file as browsers play it."""
    ...

def write_film(images, file, fps):
    """Writes RGB images to a .gif or .mp4 file. Raises `ConfigError` where that is not possible."""
    ...

def check_film(what, out, **numbers):
    """Raises `ConfigError` if the request for a film cannot be met."""
    ...

def film_run(run: str | Path, what: str, out: str | Path, steps: int, seed: int, fps: float, scale: int, temperature: float, threads: int=1, system: str | None=None, game: str | None=None) -> None:
    """What `twm_play` does; a `system` or a `game` that is named may be imported. Raises
    `ConfigError` for bad input; a game that fails ends the process with exit code 3."""
    ...
