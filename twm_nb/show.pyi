# Made from show.py by scripts/make_stubs.py.
"""Film strips, heat maps and curves in one style, and the one way a figure gets into a file."""
from typing import Any
from pathlib import Path
from matplotlib.figure import Figure
__all__ = ['COLOURS', 'STYLE', 'new_figure', 'as_image', 'film_strip', 'caption', 'heat_map', 'curves', 'save_figure']
COLOURS: tuple
STYLE: dict

def new_figure(rows: int=1, columns: int=1, size=(6, 3), **kwargs):
    """A `Figure` and its array of axes, (rows, columns), in the project's style. `size` is in inches."""
    ...

def as_image(frame):
    """One frame, uint8 or float in [0, 1], stacked or single, as a (64, 64) uint8 array; of a stack the newest frame."""
    ...

def film_strip(rows: dict, above=None, below=None, every: int=1, width: float=0.8) -> Figure:
    """Strips of frames under each other: `rows` maps a label to frames (T, 64, 64) or stacks (T, S, 64, 64).
    `above` and `below` are texts for each time step; `every` keeps each n-th step; `width` is inches per frame."""
    ...

def caption(axes, texts, every: int, setter: str) -> None:
    """Writes every n-th of `texts` at the axes with their method `setter`."""
    ...

def heat_map(matrix, rows=None, columns=None, title: str='', size=None, numbers=None, cmap: str='viridis') -> Figure:
    """A matrix as a picture, with row and column labels; `numbers` writes the values in (by default up to 12 columns)."""
    ...

def curves(lines: dict, x=None, xlabel: str='', ylabel: str='', title: str='', size=(5, 2.8), **axis) -> Figure:
    """Curves in one axis: `lines` maps a label to y values, or to a pair (x, y). `axis` goes to matplotlib's `Axes.set`."""
    ...

def save_figure(figure: Figure, path, formats=('png', 'svg'), dpi: int=150) -> list[Path]:
    """Writes `figure` to `path` with each of the suffixes `formats`; the same figure gives the same bytes.
    Returns the paths."""
    ...
