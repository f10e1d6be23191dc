# Made from show.py by scripts/make_stubs.py.
"""Film strips, heat maps and curves in one style, and the one way a figure gets into a file."""
from typing import Any
from pathlib import Path
from matplotlib.figure import Figure
__all__ = ['COLOURS', 'STYLE', 'DPI', 'LINE', 'GAP', 'SPLIT', 'new_figure', 'as_image', 'canvas', 'paint', 'text_lines', 'write', 'film_strip', 'heat_map', 'curves', 'save_figure']
COLOURS: tuple
STYLE: dict

def new_figure(rows: int=1, columns: int=1, size=(6, 3), **kwargs):
    """A `Figure` and its array of axes, (rows, columns), in the project's style. `size` is in
    inches."""
    ...
DPI: int
LINE: int
GAP: int
SPLIT: int

def as_image(frame):
    """One frame, uint8 or float in [0, 1], stacked or single, as a (64, 64) uint8 array; of a stack
    the newest frame."""
    ...

def canvas(width: int, height: int) -> tuple:
    """A figure of `width` × `height` pixels or a few more, its axis in pixels, and the white
    picture to paint it with."""
    ...

def paint(ax, picture) -> None:
    """Fills an axis of `canvas` with `picture`, dot by dot."""
    ...

def text_lines(texts) -> int:
    """How many lines the longest of `texts` has."""
    ...

def write(ax, texts, j: int, place, **kwargs) -> None:
    """Writes the `j`-th of `texts`, if there are so many, at `place`."""
    ...

def film_strip(rows: dict, above=(), below=(), every: int=1, shown: int=0, scale: int=2, columns: int=8) -> Figure:
    """Strips of frames under each other: `rows` maps a label to frames (T, 64, 64) or stacks (T, S,
    64, 64); each n-th step (`every`) is drawn, `scale` dots a pixel, at most `columns` in a line.
    `above` and `below` are texts for each step, `below` for the last row or {label: texts}. A line
    sets the first `shown` steps apart."""
    ...

def heat_map(matrix, rows=None, columns=None, title: str='', size=None, numbers=None, cmap: str='viridis') -> Figure:
    """A matrix as a picture, with row and column labels; `numbers` writes the values in (by default
    up to 12 columns)."""
    ...

def curves(lines: dict, x=None, xlabel: str='', ylabel: str='', title: str='', size=(5, 2.8), **axis) -> Figure:
    """Curves in one axis: `lines` maps a label to y values, or to a pair (x, y). `axis` goes to
    matplotlib's `Axes.set`."""
    ...

def save_figure(figure: Figure, path, formats=('png', 'svg', 'pdf'), dpi: int=150) -> list[Path]:
    """Writes `figure` to `path` with each of the suffixes `formats`; the same figure gives the same
    bytes. It has `dpi` dots per inch, or its own number if that is greater, as that of a film
    strip. Returns the paths."""
    ...
