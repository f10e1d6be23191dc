# Made from __init__.py by scripts/make_stubs.py.
'Transformer-based world models; the names that most programs need, each imported when it is first asked for.'
from .agent import Agent as Agent
from .config import Config as Config
from .dream import DreamEnv as DreamEnv
from .trainer import Trainer as Trainer
from .evaluation import evaluate as evaluate
from .envs import make_env as make_env
from .system import load_system as load_system
from .trainer import parameter_counts as parameter_counts
from .dream import play as play
from .config import preset as preset
__version__: str
__all__ = ['Agent', 'Config', 'DreamEnv', 'Trainer', 'evaluate', 'make_env', 'load_system', 'parameter_counts', 'play', 'preset']
