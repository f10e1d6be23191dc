# Made from dream.py by scripts/make_stubs.py.
"""The world model as a game: a Gymnasium environment that any agent can be trained in, a player for the notebook, and what `twm_play` does."""
from typing import Any
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any
import anywidget
import gymnasium as gym
import ipywidgets as widgets
import numpy as np
import torch
from gymnasium.vector import VectorEnv
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from .balanced_sampler import Batch, ReplayDataset
from .system import System
__all__ = ['KEYS', 'CROSS', 'TEMPERATURE', 'start_pool', 'choose_starts', 'check_dream', 'DreamGame', 'dream_seed', 'as_rgb', 'DreamEnv', 'DreamVectorEnv', 'name_action', 'Player', 'rgb', 'png', 'write', 'Picture', 'Joystick', 'explain_keys', 'View', 'play', 'agent_film', 'dream_film', 'shadow_film', 'film', 'labelled', 'write_gif', 'write_mp4', 'write_film', 'check_film', 'film_run']

def start_pool(system: System, pool: int | ReplayDataset | np.ndarray | torch.Tensor=200, seed: int=1000000) -> Batch:
    """What dreams may begin with: windows of a context step and an observation. `pool`: a number of real steps, which
    the stored agent then plays, or a `ReplayDataset`, or stacks (P, S, 64, 64) uint8, taken for first observations of
    episodes. Raises `ConfigError` for an empty pool."""
    ...

def choose_starts(system: System, pool: Batch, n: int, generator: torch.Generator) -> Any:
    """Starts of `n` dreams at windows of the `pool`, both by the numbers of `generator`."""
    ...

def check_dream(horizon: int, temperature: float, ending: str) -> None:
    """Raises `ConfigError` for what no dream can be made with."""
    ...

class DreamGame:
    """Dreams side by side with starts, ends and rewards; what both environments share. `models`: a `System`, or what
    `load_system` opens. Raises `ConfigError`."""
    system: Any
    config: Any
    num_actions: Any
    pool: Any
    horizon: int
    discount: Any
    temperature: float
    ending: str
    sample_rewards: bool
    generator: Any
    over: Any
    dreams: list
    steps: Any

    def __init__(self, models: System | str | Path='Catch', pool: int | ReplayDataset | np.ndarray | torch.Tensor=200, horizon: int=200, temperature: float=1.0, ending: str='draw', sample_rewards: bool=False):
        ...

    def begin(self, n: int) -> Any:
        """`n` dreams side by side that begin somewhere in the pool."""
        ...

    def advance(self, a: torch.Tensor, again: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """A step of all dreams under actions `a` (n,); those `again` (n,) bool begin anew instead. Returns rewards and
    discounts (n,)."""
        ...

    def frames(self) -> np.ndarray:
        """What the dreams look like now: stacks (n, S, 64, 64) uint8."""
        ...

    def ends(self, g: torch.Tensor) -> torch.Tensor:
        """Where episodes end at predicted discounts `g` (B,), (B,) bool."""
        ...

    def reset(self, n: int, seed: int | None=None) -> np.ndarray:
        """Begins `n` dreams. Returns their observations (n, S, 64, 64) uint8."""
        ...

    def checked(self, a: np.ndarray) -> torch.Tensor:
        """Actions (n,) as a tensor, if there are such. Raises `ValueError`, or `ResetNeeded` where no dream was begun."""
        ...

    def step(self, a: ArrayLike) -> tuple:
        """Actions (n,) → observations, rewards, terminated, truncated, predicted discounts. Where the step before was the
    last of an episode, a new one begins and the action is ignored: reward 0, not ended. Raises `ValueError` for
    actions that there are not."""
        ...

def dream_seed(env: gym.Env | VectorEnv, seed: int | None) -> int | None:
    """A seed for the dreams of `env` in a reset: in the first, and where `seed` is given; else None, and they go on."""
    ...

def as_rgb(stack: np.ndarray) -> np.ndarray:
    """The newest frame of a `stack` (S, 64, 64), as (64, 64, 3) uint8."""
    ...

class DreamEnv(gym.Env):
    """A world model as an environment: observations (S, 64, 64) uint8, decoded from latent states; `info['discount']`
    is the predicted one. Arguments as in `DreamGame`."""
    game: DreamGame
    observation_space: Any
    action_space: Any
    render_mode: str | None
    ended: bool
    observation: Any
    metadata: dict

    def __init__(self, models: System | str | Path='Catch', pool: int | ReplayDataset | np.ndarray | torch.Tensor=200, horizon: int=200, temperature: float=1.0, ending: str='draw', sample_rewards: bool=False, render_mode: str | None=None):
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple[np.ndarray, dict]:
        ...

    def step(self, action: int) -> tuple[np.ndarray, float, bool, bool, dict]:
        ...

    def render(self) -> np.ndarray | None:
        """The newest frame (64, 64, 3) uint8."""
        ...

class DreamVectorEnv(VectorEnv):
    """`num_envs` dreams in one batch of the world model; arguments as in `DreamGame`. Episodes begin again in the step
    after their end."""
    game: DreamGame
    num_envs: int
    render_mode: str | None
    single_observation_space: Any
    single_action_space: Any
    observation_space: Any
    action_space: Any
    observation: Any
    metadata: dict

    def __init__(self, num_envs: int=1, models: System | str | Path='Catch', pool: int | ReplayDataset | np.ndarray | torch.Tensor=200, horizon: int=200, temperature: float=1.0, ending: str='draw', sample_rewards: bool=False, render_mode: str | None=None):
        ...

    def reset(self, *, seed: int | None=None, options: dict | None=None) -> tuple[np.ndarray, dict]:
        ...

    def info(self, g: np.ndarray) -> dict:
        """Gymnasium's way of saying that each of the environments has a discount."""
        ...

    def step(self, actions: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, dict]:
        ...

    def render(self) -> tuple[np.ndarray, ...] | None:
        """The newest frames, a tuple of (64, 64, 3) uint8."""
        ...
KEYS: list

def name_action(keys: Collection[str]) -> str:
    """What the emulator calls the action of `keys` held together: space is FIRE, opposite arrows cancel each other."""
    ...

class Player:
    """A dream to play. `models` as in `DreamGame`. `human` says who acts: `action` is the human's next action, if there
    is one, and else the one `held`. `moments` are all steps so far, dicts of a, r, g and whether it was the `last` of
    an episode; `count` steps of the present episode have brought `total`; `over` if it has ended. `returns` are the
    totals of the episodes that have ended."""
    system: Any
    names: Any
    pool: Any
    temperature: float
    generator: Any
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

    def __init__(self, models: System | str | Path='Catch', pool: int | ReplayDataset | np.ndarray | torch.Tensor=200, temperature: float=1.0, seed: int=0):
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

    def act(self, action: int) -> None:
        """The human's action; while the player stands still it is taken at once."""
        ...

    def tally(self) -> str:
        """The episodes that have ended, in words."""
        ...

    def meant(self, keys: Sequence[str]) -> int | None:
        """The action of `keys`, the newest last, as far as the game has it: of all together, or of the newest; else None."""
        ...

    def press(self, *keys: str) -> bool:
        """The `keys` that are held, of which the last was just pressed, take over from the policy and set the next action;
    while the player stands still it is taken at once. Returns whether they mean anything in this game."""
        ...

    def release(self, *keys: str) -> None:
        """A key was let go; `keys` are still held."""
        ...

    def warm(self, temperature: float) -> None:
        """Sets the temperature of this dream and the next ones."""
        ...

    def frame_image(self, size: int=384) -> np.ndarray:
        """The newest frame of the dream, `size` pixels wide; darker once the episode is over."""
        ...

    def trace_image(self, width: int=384, height: int=136, steps: int=96) -> np.ndarray:
        """Rewards (blue, scale on the left, ±1 or as far as they go) and discounts (orange, scale on the right) of the last
    `steps` steps, the newest on the right."""
        ...

    def attention_image(self, width: int=384, height: int=72, most: int=72) -> np.ndarray:
        """A bar for each token, `most` at most: how much of it is in the output of the newest step."""
        ...

    def latent_image(self) -> np.ndarray:
        """The code: variables in rows, categories in columns; about as tall as a frame."""
        ...

    def force(self, variable: int, category: int) -> None:
        """Sets a variable of the present latent state to a category. Raises `ValueError`."""
        ...

    def images(self) -> dict:
        """{name: picture}: what there is to see of this dream."""
        ...

    def picture(self) -> Figure:
        """All of them in one figure, for pages without a kernel."""
        ...

def rgb(colour: str) -> tuple:
    """'#rrggbb' as three numbers."""
    ...

def png(image: np.ndarray) -> bytes:
    """An RGB image (h, w, 3) uint8 as a PNG file."""
    ...

def write(image: np.ndarray, text: str, x: int, y: int, colour: str='#505050') -> None:
    """Small `text` in an `image`, begun at `x`, its middle at `y`."""
    ...

class Picture(anywidget.AnyWidget):
    """PNG bytes as an image. While it has the focus it sends {'keys': […]}, those that are held, with 'pressed' where one
    was added; when clicked, {'x': …, 'y': …} in [0, 1]."""
    png: Any
    name: Any
    wanted: Any
CROSS: dict

class Joystick:
    """Buttons that call `act(name)` with one of `names`: `buttons` by name and a switch `fire`; `box` is the whole."""
    names: list[str]
    act: Callable
    buttons: dict
    fire: Any
    box: Any

    def __init__(self, names: list[str], act: Callable):
        ...

    def actions(self, symbol: str) -> list[str]:
        """Those of a direction that there are, without and with fire."""
        ...

    def direction(self, symbol: str) -> widgets.Button:
        """A button of the cross, which cannot be seen where the game has no such action."""
        ...

    def button(self, text: str, name: str, width: str) -> widgets.Button:
        """A button for `name`, or while the switch is on for the same with fire, if there is that."""
        ...
TEMPERATURE: str

def explain_keys(names: list[str]) -> str:
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
    stick: Joystick
    box: Any

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
        """Keys act. One that repeats itself acts only while the player stands still: otherwise it is held anyway."""
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
    """A player as a widget, to be displayed in JupyterLab. `models` as in `DreamGame`; `options` go to `Player`. From
    then on torch computes on so many CPU `threads` in this process; models so small are quickest on one."""
    ...

def agent_film(system: System, steps: int, seed: int, on_step: Callable=lambda: None) -> tuple[np.ndarray, np.ndarray, ReplayDataset]:
    """`steps` real steps of the agent: frames (T, 64, 64) uint8, the sums of rewards up to them, and the data."""
    ...

def dream_film(system: System, steps: int, seed: int, temperature: float, on_step: Callable=lambda: None) -> tuple[np.ndarray, np.ndarray]:
    """The policy's dream: frames (T, 64, 64) uint8 and the sums of predicted rewards up to them."""
    ...

def shadow_film(system: System, data: ReplayDataset, steps: int, seed: int, temperature: float, on_step: Callable=lambda: None) -> tuple[np.ndarray, np.ndarray]:
    """A dream under the actions of real `data`, begun with each of its episodes: as `dream_film`."""
    ...

def film(system: System, what: str='both', steps: int=200, seed: int=0, scale: int=4, temperature: float=1.0, on_step: Callable=lambda: None) -> list:
    """RGB images of `steps` steps of 'agent', 'dream' or 'both'; a frame is 64·`scale` wide, with a line of text above
    it. `on_step` is called after each step, with 'both' of each of the two."""
    ...

def labelled(frame: np.ndarray, text: str, scale: int) -> np.ndarray:
    """A frame (64, 64) enlarged, with a border and a line of text above it: (h, w, 3) uint8."""
    ...

def write_gif(images: list, file: Path, fps: float) -> None:
    """Writes RGB images to a .gif file, 32 grey values each."""
    ...

def write_mp4(images: list, file: Path, fps: float) -> None:
    """Writes RGB images to an .mp4 file as browsers play it: H.264, four pixels sharing a colour, the index in front."""
    ...

def write_film(images: list, file: Path, fps: float) -> None:
    """Writes RGB images to a .gif or .mp4 file, whole or not at all. Raises `ConfigError` where that is not possible."""
    ...

def check_film(what: str, out: Path, steps: int, seed: int, fps: float, scale: int, temperature: float, threads: int) -> None:
    """Raises `ConfigError` before anything is played if the request cannot be met."""
    ...

def film_run(run: str | Path, what: str, out: str | Path, steps: int, seed: int, fps: float, scale: int, temperature: float, threads: int=1, system: str | None=None) -> None:
    """What `twm_play` does; a `system` that is named may be imported. Raises `ConfigError` for bad input; a game that
    fails ends the process with exit code 3."""
    ...
