# Made from show.py by scripts/make_stubs.py.
"""Film strips, heat maps and curves in one style, and the one way a figure gets into a file."""
from typing import Any
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
__all__ = ['COLOURS', 'STYLE', 'new_figure', 'as_image', 'film_strip', 'heat_map', 'curves', 'save_figure']
COLOURS: tuple
STYLE: dict

def new_figure(rows: int=1, columns: int=1, size: tuple=(6, 3), **kwargs: Any) -> tuple:
    """A `Figure` of `size` in inches and its array of axes (rows, columns), in the project's style."""
    ...

def as_image(frame: ArrayLike) -> np.ndarray:
    """A frame or the newest of a stack, uint8 or float in [0, 1], as a (64, 64) uint8 array."""
    ...
DPI: int
LINE: int
GAP: int
SPLIT: int

def canvas(width, height):
    """A figure of `width` × `height` pixels or a few more, its axis, and a white picture to paint."""
    ...

def paint(ax, picture):
    """Fills the axis of a `canvas` with `picture`, dot by dot; colours go unscaled."""
    ...

def film_strip(rows: dict, above: Sequence[str]=(), below: Sequence[str] | dict=(), every: int=1, shown: int=0, scale: int=2, columns: int=8) -> Figure:
    """Strips of frames under each other: `rows` maps a label to frames (T, 64, 64) or stacks (T, S,
    64, 64); each n-th step (`every`) is drawn, `scale` dots a pixel, at most `columns` in a line.
    `above` and `below` are texts for each step, `below` for the last row or {label: texts}. A line
    sets the first `shown` steps apart."""
    ...

def heat_map(matrix: ArrayLike, rows: Iterable | None=None, columns: Iterable | None=None, title: str='', size: tuple | None=None, numbers: bool | None=None) -> Figure:
    """A matrix with row and column labels; `numbers` writes the values in (default: to 12 columns)."""
    ...

def curves(lines: dict, x: ArrayLike | None=None, size: tuple=(5, 2.8), **axis: Any) -> Figure:
    """Curves in one axis: `lines` maps a label to y values, or to a pair (x, y). `axis` goes to
    matplotlib's `Axes.set`: `xlabel`, `ylabel`, `title` and so on."""
    ...

def save_figure(figure: Figure, path: str | Path, formats: Iterable[str]=('png', 'svg', 'pdf'), dpi: int=150) -> list[Path]:
    """Writes `figure` to `path` with each of the suffixes `formats`, in `dpi` dots per inch or its
    own number where that is greater. The same figure gives the same bytes. Returns the paths."""
    ...
