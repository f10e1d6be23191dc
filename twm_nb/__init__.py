"Transformer-based world models; the names that most programs need, each imported when it is first asked for."
from importlib import import_module
import gymnasium

__version__ = "0.1.0"

HOMES = dict(Agent='agent', Config='config', DreamEnv='dream', Trainer='trainer', evaluate='evaluation', make_env='envs',
             load_system='system', parameter_counts='trainer', play='dream', preset='config')
__all__ = [*HOMES]

def __getattr__(name: str):
    if name not in HOMES: raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    return getattr(import_module(f'.{HOMES[name]}', __name__), name)

def __dir__() -> list: return sorted({*globals(), *__all__})

for environment, where in dict(Catch='envs:Catch', Atari='envs:make_env', Dream='dream:DreamEnv').items():
    if f'twm_nb/{environment}-v0' not in gymnasium.registry:      # they stay when this module is loaded anew
        gymnasium.register(f'twm_nb/{environment}-v0', entry_point=f'twm_nb.{where}',
                           vector_entry_point='twm_nb.dream:DreamVectorEnv' if environment == 'Dream' else None)
